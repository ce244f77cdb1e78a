//! Whose turn it is on a queue: is it the driver or the device?

use qapi_schema::inspect::VirtioQueueNext;

/// What is known of the device as a whole.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DeviceFacts {
    /// The device needs a reset, or the driver has given it up.
    pub(super) failed: bool,
    /// The driver has put the device and this queue to use.
    pub(super) in_use: bool,
    /// The machine is not stopped.
    pub(super) running: bool,
    /// A kick of this queue has arrived, or the device's thread is at work anyway.
    pub(super) awake: bool,
    /// The process that is to work on the queues is not there.
    pub(super) back_end_gone: bool,
    /// The driver has been interrupted and has not acknowledged it.
    pub(super) interrupted: bool,
}

/// What is known of a ring.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RingFacts {
    /// Chains (or descriptors) that the driver has offered and the device has not taken.
    pub(super) waiting: u16,
    /// The device does not know of all of them.
    pub(super) unseen: bool,
    /// The device had asked for a kick for those that it does not know of.
    pub(super) kick_due: bool,
    /// Chains that the device has taken and not returned.
    pub(super) in_flight: u16,
    /// What the driver has left to do with chains that came back.
    pub(super) returned: Returned,
}

/// What the driver has left to do with chains that came back, as far as the ring tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Returned {
    /// Nothing: it has taken them all, or none ever came back.
    #[default]
    Nothing,
    /// To take them: it has asked to be interrupted for them.
    Take,
    /// To look by itself: it has asked not to be interrupted for them.
    Poll,
    /// The ring does not tell; the interrupt does.
    AsInterrupted,
}

/// What has to happen next.
pub(super) fn next(device: &DeviceFacts, ring: &RingFacts) -> VirtioQueueNext {
    if device.failed {
        VirtioQueueNext::DriverReset
    } else if !device.in_use {
        VirtioQueueNext::DriverSetUp
    } else if !device.running {
        VirtioQueueNext::MachineResume
    } else if device.back_end_gone && (ring.waiting > 0 || ring.in_flight > 0) {
        VirtioQueueNext::BackEndConnect
    } else if ring.waiting > 0 {
        waiting(device, ring)
    } else if ring.in_flight > 0 {
        VirtioQueueNext::DeviceComplete
    } else {
        match ring.returned {
            Returned::Take => VirtioQueueNext::DriverTakeUsed,
            Returned::AsInterrupted if device.interrupted => VirtioQueueNext::DriverTakeUsed,
            Returned::Poll => VirtioQueueNext::DriverPollUsed,
            Returned::Nothing | Returned::AsInterrupted => VirtioQueueNext::DriverMakeAvailable,
        }
    }
}

/// There are chains to be taken.
fn waiting(device: &DeviceFacts, ring: &RingFacts) -> VirtioQueueNext {
    if device.awake {
        VirtioQueueNext::DeviceProcess
    } else if ring.unseen && ring.kick_due {
        VirtioQueueNext::DriverKick
    } else if ring.unseen {
        // It had asked not to be kicked, and so has to look by itself.
        VirtioQueueNext::DeviceProcess
    } else if ring.in_flight > 0 {
        VirtioQueueNext::DeviceComplete
    } else {
        VirtioQueueNext::DeviceFill
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use VirtioQueueNext as Next;

    const WORKING: DeviceFacts = DeviceFacts {
        failed: false,
        in_use: true,
        running: true,
        awake: false,
        back_end_gone: false,
        interrupted: false,
    };

    #[test]
    fn a_device_that_cannot_work_goes_first() {
        let busy = RingFacts { waiting: 1, unseen: true, kick_due: true, ..RingFacts::default() };
        let failed = DeviceFacts { failed: true, in_use: false, running: false, ..WORKING };
        assert_eq!(next(&failed, &busy), Next::DriverReset);
        let unused = DeviceFacts { in_use: false, running: false, ..WORKING };
        assert_eq!(next(&unused, &busy), Next::DriverSetUp);
        assert_eq!(next(&DeviceFacts { running: false, ..WORKING }, &busy), Next::MachineResume);
    }

    #[test]
    fn chains_that_wait() {
        let unseen = RingFacts { waiting: 2, unseen: true, kick_due: true, ..RingFacts::default() };
        assert_eq!(next(&WORKING, &unseen), Next::DriverKick);
        assert_eq!(next(&DeviceFacts { awake: true, ..WORKING }, &unseen), Next::DeviceProcess);
        assert_eq!(next(&WORKING, &RingFacts { kick_due: false, ..unseen }), Next::DeviceProcess);
        let seen = RingFacts { unseen: false, ..unseen };
        assert_eq!(next(&WORKING, &seen), Next::DeviceFill);
        assert_eq!(next(&WORKING, &RingFacts { in_flight: 1, ..seen }), Next::DeviceComplete);
    }

    #[test]
    fn a_back_end_is_missed_when_something_waits_for_it() {
        let gone = DeviceFacts { back_end_gone: true, awake: true, ..WORKING };
        assert_eq!(next(&gone, &RingFacts { in_flight: 1, ..RingFacts::default() }), Next::BackEndConnect);
        assert_eq!(next(&gone, &RingFacts { waiting: 1, ..RingFacts::default() }), Next::BackEndConnect);
        assert_eq!(next(&gone, &RingFacts::default()), Next::DriverMakeAvailable);
        let stopped = DeviceFacts { running: false, ..gone };
        assert_eq!(next(&stopped, &RingFacts { waiting: 1, ..RingFacts::default() }), Next::MachineResume);
    }

    #[test]
    fn chains_that_came_back() {
        let returned = |returned| RingFacts { returned, ..RingFacts::default() };
        let interrupted = DeviceFacts { interrupted: true, ..WORKING };
        assert_eq!(next(&WORKING, &returned(Returned::Nothing)), Next::DriverMakeAvailable);
        assert_eq!(next(&interrupted, &returned(Returned::Nothing)), Next::DriverMakeAvailable);
        assert_eq!(next(&WORKING, &returned(Returned::Take)), Next::DriverTakeUsed);
        assert_eq!(next(&WORKING, &returned(Returned::Poll)), Next::DriverPollUsed);
        assert_eq!(next(&WORKING, &returned(Returned::AsInterrupted)), Next::DriverMakeAvailable);
        assert_eq!(next(&interrupted, &returned(Returned::AsInterrupted)), Next::DriverTakeUsed);
        let taken = RingFacts { in_flight: 1, returned: Returned::Take, ..RingFacts::default() };
        assert_eq!(next(&WORKING, &taken), Next::DeviceComplete);
    }
}
