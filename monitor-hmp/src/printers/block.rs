//! `info block` and `info blockstats`.

use std::fmt::{self, Display};

use qapi_schema::block::{BlockDeviceInfo, BlockDeviceIoStatus, BlockInfo, BlockStats};

/// The disks, a paragraph each.
pub(crate) fn disks(disks: &[BlockInfo]) -> impl Display {
    fmt::from_fn(move |f| {
        for (number, disk) in disks.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            disk_paragraph(f, disk)?;
        }
        Ok(())
    })
}

fn disk_paragraph(f: &mut fmt::Formatter<'_>, disk: &BlockInfo) -> fmt::Result {
    write!(f, "{}: ", disk.device)?;
    let Some(inserted) = &disk.inserted else { return writeln!(f, "[not inserted]") };
    let read_only = if inserted.ro { ", read-only" } else { "" };
    // What is in memory has no file.
    let space = if inserted.file.is_empty() { "" } else { " " };
    writeln!(f, "{}{space}({}{read_only})", inserted.file, inserted.drv)?;
    if let Some(qdev) = &disk.qdev {
        writeln!(f, "    Attached to:      {qdev}")?;
    }
    if let Some(status) = disk.io_status.filter(|status| *status != BlockDeviceIoStatus::Ok) {
        writeln!(f, "    I/O status:       {}", status.as_str())?;
    }
    let cache = if inserted.cache.writeback { "writeback" } else { "writethrough" };
    writeln!(f, "    Cache mode:       {cache}")?;
    throttling(f, inserted)
}

/// The limits, if there are any.
fn throttling(f: &mut fmt::Formatter<'_>, disk: &BlockDeviceInfo) -> fmt::Result {
    let Some(group) = &disk.group else { return Ok(()) };
    let BlockDeviceInfo { bps, bps_rd, bps_wr, iops, iops_rd, iops_wr, .. } = disk;
    let burst = |burst: Option<i64>| burst.unwrap_or(0);
    let (bps_max, bps_rd_max, bps_wr_max) =
        (burst(disk.bps_max), burst(disk.bps_rd_max), burst(disk.bps_wr_max));
    let (iops_max, iops_rd_max, iops_wr_max) =
        (burst(disk.iops_max), burst(disk.iops_rd_max), burst(disk.iops_wr_max));
    writeln!(
        f,
        "    I/O throttling:   bps={bps} bps_rd={bps_rd} bps_wr={bps_wr} bps_max={bps_max} \
         bps_rd_max={bps_rd_max} bps_wr_max={bps_wr_max} iops={iops} iops_rd={iops_rd} iops_wr={iops_wr} \
         iops_max={iops_max} iops_rd_max={iops_rd_max} iops_wr_max={iops_wr_max} iops_size={} group={group}",
        burst(disk.iops_size),
    )
}

/// What the disks have done, a line each.
pub(crate) fn statistics(disks: &[BlockStats]) -> impl Display {
    fmt::from_fn(move |f| disks.iter().try_for_each(|disk| statistics_line(f, disk)))
}

fn statistics_line(f: &mut fmt::Formatter<'_>, disk: &BlockStats) -> fmt::Result {
    let stats = &disk.stats;
    let numbers = [
        ("rd_bytes", stats.rd_bytes),
        ("wr_bytes", stats.wr_bytes),
        ("rd_operations", stats.rd_operations),
        ("wr_operations", stats.wr_operations),
        ("flush_operations", stats.flush_operations),
        ("wr_total_time_ns", stats.wr_total_time_ns),
        ("rd_total_time_ns", stats.rd_total_time_ns),
        ("flush_total_time_ns", stats.flush_total_time_ns),
        ("rd_merged", stats.rd_merged),
        ("wr_merged", stats.wr_merged),
        ("idle_time_ns", stats.idle_time_ns.unwrap_or(0)),
    ];
    write!(f, "{}:", disk.device.as_deref().unwrap_or_default())?;
    numbers.iter().try_for_each(|(name, number)| write!(f, " {name}={number}"))?;
    writeln!(f)
}
