//! What monitors can show of the device beyond its feature bits: configuration space (virtio 1.3, 5.6.4), request
//! headers (5.6.6), and the SCSI commands in them.

use qapi_schema::inspect::{VirtioField, VirtioUnit};
use virtio_core::DeviceDetails;
use virtio_core::details::{ConfigurationField, Request, bytes, choice, flags, number, range};

use crate::address::Address;
use crate::config::{CONTROL_QUEUE, EVENT_QUEUE};
use crate::request::HEADER_SIZE;
use crate::target::command::{CDB_SIZE, Cdb, Command, Extent, NAMES};
use crate::target::luns::LunBytes;

/// Names of `response`, on the request queues and the control queue.
const RESPONSES: [(u64, &str); 13] = [
    (0, "ok"),
    (1, "overrun"),
    (2, "aborted"),
    (3, "bad_target"),
    (4, "reset"),
    (5, "busy"),
    (6, "transport_failure"),
    (7, "target_failure"),
    (8, "nexus_failure"),
    (9, "failure"),
    (10, "function_succeeded"),
    (11, "function_rejected"),
    (12, "incorrect_lun"),
];
/// Names of `task_attr`.
const TASK_ATTRIBUTES: [(u64, &str); 4] = [(0, "simple"), (1, "ordered"), (2, "head"), (3, "aca")];
/// Names of `type` on the control queue.
const CONTROL_TYPES: [(u64, &str); 3] = [(0, "tmf"), (1, "an_query"), (2, "an_subscribe")];
/// Names of `subtype` of a task management function.
const SUBTYPES: [(u64, &str); 8] = [
    (0, "abort_task"),
    (1, "abort_task_set"),
    (2, "clear_aca"),
    (3, "clear_task_set"),
    (4, "i_t_nexus_reset"),
    (5, "logical_unit_reset"),
    (6, "query_task"),
    (7, "query_task_set"),
];
/// Names of asynchronous notifications.
const NOTIFICATIONS: [(u64, &str); 5] = [
    (1 << 1, "operational_change"),
    (1 << 2, "power_mgmt"),
    (1 << 3, "external_request"),
    (1 << 4, "media_change"),
    (1 << 5, "multi_host"),
];
/// Names of `event` without its highest bit.
const EVENTS: [(u64, &str); 4] =
    [(0, "no_event"), (1, "transport_reset"), (2, "async_notify"), (3, "param_change")];
/// Reasons of a transport reset.
const RESET_REASONS: [(u64, &str); 3] = [(0, "reset_hard"), (1, "reset_rescan"), (2, "reset_removed")];
/// SCSI status codes (SAM-5, 5.3.1).
const STATUSES: [(u64, &str); 9] = [
    (0x00, "good"),
    (0x02, "check_condition"),
    (0x04, "condition_met"),
    (0x08, "busy"),
    (0x18, "reservation_conflict"),
    (0x28, "task_set_full"),
    (0x30, "aca_active"),
    (0x40, "task_aborted"),
    (0x10, "intermediate"),
];
/// Sense keys (SPC-4, table 48).
const SENSE_KEYS: [(u64, &str); 15] = [
    (0x0, "no_sense"),
    (0x1, "recovered_error"),
    (0x2, "not_ready"),
    (0x3, "medium_error"),
    (0x4, "hardware_error"),
    (0x5, "illegal_request"),
    (0x6, "unit_attention"),
    (0x7, "data_protect"),
    (0x8, "blank_check"),
    (0x9, "vendor_specific"),
    (0xa, "copy_aborted"),
    (0xb, "aborted_command"),
    (0xd, "volume_overflow"),
    (0xe, "miscompare"),
    (0xf, "completed"),
];

const EVENTS_MISSED: u32 = 1 << 31;
const TRANSPORT_RESET: u32 = 1;
/// Where an answer has its sense data.
const SENSE: usize = 12;

const fn field(name: &'static str, offset: u16, size: u16) -> ConfigurationField {
    ConfigurationField::new(name, offset, size)
}

static CONFIGURATION: [ConfigurationField; 10] = [
    field("num_queues", 0, 4).counts(VirtioUnit::Queues),
    field("seg_max", 4, 4).counts(VirtioUnit::Segments),
    field("max_sectors", 8, 4).counts(VirtioUnit::Sectors),
    field("cmd_per_lun", 12, 4),
    field("event_info_size", 16, 4).counts(VirtioUnit::Bytes),
    field("sense_size", 20, 4).counts(VirtioUnit::Bytes),
    field("cdb_size", 24, 4).counts(VirtioUnit::Bytes),
    field("max_channel", 28, 2),
    field("max_target", 30, 2),
    field("max_lun", 32, 4),
];

/// What monitors can show of a SCSI host.
pub(crate) static DETAILS: DeviceDetails =
    DeviceDetails { requirements: &[], configuration: &CONFIGURATION, decode_request };

fn decode_request(request: &Request<'_>) -> Vec<VirtioField> {
    match request.queue {
        CONTROL_QUEUE => decode_control(request).unwrap_or_default(),
        EVENT_QUEUE => decode_event(request).unwrap_or_default(),
        _ => {
            let mut fields = decode_command(request).unwrap_or_default();
            fields.extend(decode_answer(request).unwrap_or_default());
            fields
        }
    }
}

fn decode_control(request: &Request<'_>) -> Option<Vec<VirtioField>> {
    let kind = u32::from_le_bytes(request.readable_at(0)?);
    let mut fields = vec![choice("type", kind.into(), &CONTROL_TYPES)];
    if kind == 0 {
        fields.push(choice("subtype", u32::from_le_bytes(request.readable_at(4)?).into(), &SUBTYPES));
        fields.extend(address(request.readable_at(8)?));
        fields.push(number("id", u64::from_le_bytes(request.readable_at(16)?), None));
    } else {
        fields.extend(address(request.readable_at(4)?));
        let requested = u32::from_le_bytes(request.readable_at(12)?);
        fields.push(flags("event_requested", requested.into(), &NOTIFICATIONS));
    }
    if let Some(response) = request.last_writable.filter(|_| request.returned) {
        fields.push(choice("response", response.into(), &RESPONSES));
    }
    Some(fields)
}

fn decode_event(request: &Request<'_>) -> Option<Vec<VirtioField>> {
    if !request.returned {
        return None;
    }
    let event = u32::from_le_bytes(request.writable_at(0)?);
    let kind = event & !EVENTS_MISSED;
    let mut fields = vec![
        choice("event", kind.into(), &EVENTS),
        flags("event.flags", (event & EVENTS_MISSED).into(), &[(EVENTS_MISSED.into(), "events_missed")]),
    ];
    fields.extend(address(request.writable_at(4)?));
    let reason = u32::from_le_bytes(request.writable_at(12)?);
    fields.push(match kind {
        TRANSPORT_RESET => choice("reason", reason.into(), &RESET_REASONS),
        _ => number("reason", reason.into(), None),
    });
    Some(fields)
}

/// The address as it stands there, and what it means.
fn address(lun: LunBytes) -> Vec<VirtioField> {
    let mut fields = vec![bytes("lun", &lun)];
    if let Some(Address::Unit(unit)) = Address::parse(lun) {
        fields.push(number("target", unit.target.into(), None));
        fields.push(number("unit", unit.lun.into(), None));
    }
    fields
}

fn decode_command(request: &Request<'_>) -> Option<Vec<VirtioField>> {
    let mut fields = address(request.readable_at(0)?);
    fields.push(number("id", u64::from_le_bytes(request.readable_at(8)?), None));
    let [attribute, priority, reference] = request.readable_at(16)?;
    fields.push(choice("task_attr", attribute.into(), &TASK_ATTRIBUTES));
    fields.push(number("prio", priority.into(), None));
    fields.push(number("crn", reference.into(), None));
    let cdb: [u8; CDB_SIZE] = request.readable_at(HEADER_SIZE)?;
    let code = u64::from(cdb.first().copied().unwrap_or(0));
    fields.push(choice("cdb.operation_code", code, &NAMES));
    fields.push(bytes("cdb", &cdb));
    if let Some(Extent { first, count, .. }) = blocks(&Cdb::new(&cdb)) {
        fields.push(range("blocks", first, count.into(), VirtioUnit::Blocks));
    }
    Some(fields)
}

/// The blocks that a command is about.
fn blocks(cdb: &Cdb) -> Option<Extent> {
    match Command::parse(cdb).ok()? {
        Command::Read { extent }
        | Command::Write { extent, .. }
        | Command::Verify { extent, .. }
        | Command::SynchronizeCache { extent }
        | Command::WriteSame { extent, .. } => Some(extent),
        _ => None,
    }
}

fn decode_answer(request: &Request<'_>) -> Option<Vec<VirtioField>> {
    if !request.returned {
        return None;
    }
    let sense_length = u32::from_le_bytes(request.writable_at(0)?);
    let residual = u32::from_le_bytes(request.writable_at(4)?);
    let qualifier = u16::from_le_bytes(request.writable_at(8)?);
    let [status, response] = request.writable_at(10)?;
    let mut fields = vec![
        choice("response", response.into(), &RESPONSES),
        choice("status", status.into(), &STATUSES),
        number("status_qualifier", qualifier.into(), None),
        number("residual", residual.into(), Some(VirtioUnit::Bytes)),
        number("sense_len", sense_length.into(), Some(VirtioUnit::Bytes)),
    ];
    if sense_length >= 14 {
        let sense: [u8; 14] = request.writable_at(SENSE)?;
        let [_, _, key, _, _, _, _, _, _, _, _, _, code, qualifier] = sense;
        fields.push(choice("sense.key", u64::from(key & 0xf), &SENSE_KEYS));
        fields.push(number("sense.code", code.into(), None));
        fields.push(number("sense.code_qualifier", qualifier.into(), None));
    }
    Some(fields)
}
