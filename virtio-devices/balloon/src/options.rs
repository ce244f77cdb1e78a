//! `--device balloon,…`: from options to a device.

use virtio_core::options::{DeviceOptions, DeviceType, OptionHelp, parse_size};
use virtio_core::{Device, DeviceError};

use crate::details::DETAILS;
use crate::device::{Balloon, Settings};
use crate::features::DEVICE_KIND;
use crate::pages::PAGE_SIZE;

/// The entry in the machine's list of devices.
pub static DEVICE_TYPE: DeviceType = DeviceType {
    kind: &DEVICE_KIND,
    details: &DETAILS,
    name: "balloon",
    aliases: &[],
    summary: "memory balloon: takes memory from the guest and gives it back to the host",
    options: &[
        OptionHelp {
            name: "target",
            value: "SIZE",
            meaning: "memory that the guest is asked to give up; default 0",
        },
        OptionHelp {
            name: "free-page-reporting",
            value: "on|off",
            meaning: "whether the guest may report memory that is free for the moment, which the host then takes back; \
                      default off",
        },
        OptionHelp {
            name: "stats-interval",
            value: "SECONDS",
            meaning: "how often the guest is asked for its memory statistics; default 0: it tells them once, when its \
                      driver comes",
        },
        OptionHelp {
            name: "deflate-on-oom",
            value: "on|off",
            meaning: "whether the guest may take memory back when it runs out of it; default off",
        },
    ],
    build,
};

fn build(options: &mut DeviceOptions) -> Result<Box<dyn Device>, DeviceError> {
    let accepted = "a size in whole pages of 4096 bytes, such as 64M, below 16T";
    let target = options.take_parsed("target", accepted, |text| parse_size(text).and_then(pages))?;
    let settings = Settings {
        target: target.unwrap_or(0),
        deflate_on_oom: options.take_bool("deflate-on-oom")?.unwrap_or(false),
        free_page_reporting: options.take_bool("free-page-reporting")?.unwrap_or(false),
        statistics_interval: interval(options)?,
    };
    Ok(Box::new(Balloon::new(settings).map_err(DeviceError::io("cannot make the balloon's timer"))?))
}

fn interval(options: &mut DeviceOptions) -> Result<u32, DeviceError> {
    let seconds = options.take_number("stats-interval", 0..=u64::from(u32::MAX))?;
    Ok(seconds.and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(0))
}

/// The size in pages, if it is whole pages and the configuration space can hold the number.
fn pages(size: u64) -> Option<u32> {
    if size.is_multiple_of(PAGE_SIZE) { u32::try_from(size / PAGE_SIZE).ok() } else { None }
}
