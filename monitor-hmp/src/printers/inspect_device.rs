//! `info virtio-device`.

use std::fmt::{self, Display, Formatter};

use qapi_schema::inspect::{
    VirtioBackEnd, VirtioConfigurationField, VirtioDevice, VirtioFailure, VirtioFeature, VirtioNotification,
    VirtioNotificationWish, VirtioPciRegisters, VirtioQueue, VirtioQueueNext, VirtioRing, VirtioRingBranch,
    VirtioTransport, VirtioTransportBranch,
};

use super::field::{content, words};

/// The devices, one below the other.
pub(crate) fn devices(devices: &[VirtioDevice]) -> impl Display {
    fmt::from_fn(move |f| {
        if devices.is_empty() {
            return writeln!(f, "No VirtIO devices");
        }
        devices.iter().try_for_each(|each| device(f, each))
    })
}

fn device(f: &mut Formatter<'_>, device: &VirtioDevice) -> fmt::Result {
    writeln!(f, "{}: {}, device ID {}", device.path, device.name, device.device_id)?;
    let unknown = device.unknown_status.map(|bits| format!(" unknown({bits:#04x})")).unwrap_or_default();
    writeln!(f, "  status:     {}{unknown}", words(&device.status))?;
    let activity = match (device.machine_running, device.working) {
        (false, _) => "the machine is stopped",
        (true, true) => "working",
        (true, false) => "waiting for events",
    };
    writeln!(f, "  activity:   {activity}")?;
    if let Some(failure) = &device.failure {
        writeln!(f, "  failure:    {}", failure_text(failure))?;
    }
    transport(f, &device.transport)?;
    writeln!(f, "  features:")?;
    device.features.iter().try_for_each(|each| feature(f, each))?;
    if let Some(fields) = &device.configuration {
        writeln!(f, "  configuration space:")?;
        fields.iter().filter(|field| field.valid).try_for_each(|field| configuration(f, field))?;
    }
    if let Some(back_end) = &device.back_end {
        self::back_end(f, back_end)?;
    }
    device.queues.iter().try_for_each(|each| queue(f, each))
}

/// The kind of failure, and the details.
pub(super) fn failure_text(failure: &VirtioFailure) -> String {
    format!("{}: {}", failure.cause.as_str(), failure.text)
}

fn transport(f: &mut Formatter<'_>, transport: &VirtioTransport) -> fmt::Result {
    let interrupts = words(&transport.interrupt_status);
    writeln!(f, "  transport:  {}", transport.tag().as_str())?;
    writeln!(f, "    queue selected:             {}", transport.queue_select)?;
    let (device, driver) = (transport.device_features_select, transport.driver_features_select);
    writeln!(f, "    features selected:          {device} of the device's, {driver} of the driver's")?;
    writeln!(f, "    interrupts unacknowledged:  {interrupts}")?;
    writeln!(f, "    configuration generation:   {}", transport.configuration_generation)?;
    match &transport.branch {
        VirtioTransportBranch::Mmio => Ok(()),
        VirtioTransportBranch::Pci(registers) => messages(f, registers),
    }
}

fn messages(f: &mut Formatter<'_>, registers: &VirtioPciRegisters) -> fmt::Result {
    writeln!(f, "    interrupts by:              {}", if registers.messages { "messages" } else { "line" })?;
    if let Some(vector) = registers.configuration_vector {
        writeln!(f, "    vector of changes:          {vector}")?;
    }
    registers.queue_vectors.iter().try_for_each(|each| {
        writeln!(f, "    vector of queue {:<12}{}", format!("{}:", each.queue), each.vector)
    })
}

fn feature(f: &mut Formatter<'_>, feature: &VirtioFeature) -> fmt::Result {
    let name = feature.name.as_deref().unwrap_or("(unknown)");
    write!(f, "    {:>3}  {:<11}  {name}", feature.bit, feature.state.as_str())?;
    match &feature.missing {
        Some(missing) => writeln!(f, "  needs {}", missing.join(" or ")),
        None => writeln!(f),
    }
}

fn back_end(f: &mut Formatter<'_>, back_end: &VirtioBackEnd) -> fmt::Result {
    writeln!(f, "  back end:   {}", back_end.socket)?;
    let state = match (back_end.connected, back_end.running) {
        (true, true) => "has the queues",
        (true, false) => "is there",
        (false, _) => "is not there",
    };
    writeln!(f, "    state:                      {state}")?;
    writeln!(f, "    connections:                {}", back_end.connections)?;
    if let Some(lost) = &back_end.lost {
        writeln!(f, "    lost:                       {lost}")?;
    }
    writeln!(f, "    features of the protocol:   {}", back_end.protocol_features.join(", "))
}

fn configuration(f: &mut Formatter<'_>, field: &VirtioConfigurationField) -> fmt::Result {
    writeln!(f, "    {:#04x}  {:<26}  {}", field.offset, field.content.name, content(&field.content))
}

/// A queue of a device.
pub(super) fn queue(f: &mut Formatter<'_>, queue: &VirtioQueue) -> fmt::Result {
    writeln!(f, "  queue {}:", queue.index)?;
    writeln!(f, "    next:       {} ({})", queue.next.as_str(), explanation(queue.next))?;
    let ready = if queue.ready { "" } else { ", not ready" };
    writeln!(f, "    size:       {} of {}{ready}", queue.size, queue.maximum_size)?;
    let (descriptors, driver, device) = (queue.descriptor_area, queue.driver_area, queue.device_area);
    writeln!(f, "    areas:      descriptors {descriptors:#x}, driver {driver:#x}, device {device:#x}")?;
    if let Some(failure) = &queue.ring_failure {
        writeln!(f, "    ring:       {}", failure_text(failure))?;
    }
    if let Some(both) = &queue.ring {
        ring(f, both)?;
        let pending = if queue.kick_pending { "; one is pending" } else { "" };
        writeln!(f, "    kicks:      {}{pending}", wish(&both.device_notification))?;
        writeln!(f, "    interrupts: {}", wish(&both.driver_notification))?;
    }
    writeln!(f, "    under way:  {} offered and not taken, {} in flight", queue.waiting, queue.in_flight)?;
    let moving = if queue.consistent { "" } else { ", moving" };
    writeln!(f, "    generation: {}{moving}", queue.generation)
}

fn ring(f: &mut Formatter<'_>, ring: &VirtioRing) -> fmt::Result {
    match &ring.branch {
        VirtioRingBranch::Split(split) => {
            let (offered, seen) = (split.driver_available, split.device_seen_available);
            let (memory, device) = (split.memory_used, split.device_used);
            writeln!(
                f,
                "    offered:    {offered} by the driver, {seen} seen by the device, {} taken",
                split.device_taken
            )?;
            writeln!(f, "    returned:   {device} by the device, {memory} in memory")
        }
        VirtioRingBranch::Packed(packed) => {
            let place = |slot, wrap| format!("slot {slot} wrap {}", u8::from(wrap));
            let (offered, seen) = (packed.available_descriptors, packed.device_seen_available);
            writeln!(f, "    offered:    {offered} descriptors, {seen} seen by the device")?;
            writeln!(f, "    to take:    {}", place(packed.device_position, packed.device_wrap))?;
            writeln!(f, "    to return:  {}", place(packed.used_position, packed.used_wrap))
        }
    }
}

fn wish(notification: &VirtioNotification) -> String {
    let wrap = notification.wrap.map(|wrap| format!(" wrap {}", u8::from(wrap))).unwrap_or_default();
    match (notification.wish, notification.position) {
        (VirtioNotificationWish::AtPosition, Some(position)) => format!("wanted at {position}{wrap}"),
        (VirtioNotificationWish::Never, _) => "not wanted".to_owned(),
        _ => "wanted".to_owned(),
    }
}

/// What has to happen, in a few words.
fn explanation(next: VirtioQueueNext) -> &'static str {
    match next {
        VirtioQueueNext::DriverSetUp => "the driver has not put it to use",
        VirtioQueueNext::DriverReset => "the driver has to reset the device",
        VirtioQueueNext::DriverMakeAvailable => "nothing waits on either side",
        VirtioQueueNext::DriverKick => "the driver has offered chains and not notified the device",
        VirtioQueueNext::DriverTakeUsed => "the driver has to take what came back",
        VirtioQueueNext::DriverPollUsed => "the driver has to look by itself, it wanted no interrupt",
        VirtioQueueNext::DeviceProcess => "the device has to take what is offered",
        VirtioQueueNext::DeviceComplete => "the device has to return what it has taken",
        VirtioQueueNext::DeviceFill => "the device waits for data from outside",
        VirtioQueueNext::BackEndConnect => "the back end has to come back",
        VirtioQueueNext::MachineResume => "the machine is stopped",
    }
}
