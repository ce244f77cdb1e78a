//! The guest's life: find the devices, then a round of work with each of them whenever the timer comes.

use crate::driver::{Broken, Context, Driver, Name, kind};
use crate::layout::WINDOW_COUNT;
use crate::log::Log;
use crate::platform::{Platform, Wake};
use crate::transport::{Transport, TransportKind};

/// Rounds to the first report, and rounds between two reports of the same device.
const FIRST_REPORT: u32 = 20;
const REPORT_ROUNDS: u32 = 100;

/// A device in service.
struct Device {
    transport: Transport,
    name: Name,
    driver: Driver,
}

/// Everything the guest knows. Whoever runs it calls [`Workload::wake`] after every interrupt and about ten times a second.
pub struct Workload {
    devices: [Option<Device>; WINDOW_COUNT as usize],
    /// The device IDs found so far, to number the devices of a kind.
    ids: [u32; WINDOW_COUNT as usize],
    log: Log,
    round: u32,
}

impl Workload {
    /// Looks for devices and takes those that it has a driver for into service.
    pub fn start<P: Platform>(platform: &mut P) -> Self {
        let mut workload = Self {
            devices: [const { None }; WINDOW_COUNT as usize],
            ids: [0; WINDOW_COUNT as usize],
            log: Log::new(),
            round: 0,
        };
        let transport = TransportKind::find(platform);
        for window in 0..WINDOW_COUNT {
            let device = workload.take_into_service(platform, transport, window);
            if let Some(place) = workload.devices.get_mut(usize::from(window)) {
                *place = device;
            }
        }
        workload.print(platform);
        workload
    }

    /// Does what is to do after `wake`.
    pub fn wake<P: Platform>(&mut self, platform: &mut P, wake: Wake) {
        if wake.tick {
            self.round = self.round.wrapping_add(1);
        }
        for (window, place) in (0u32..).zip(&mut self.devices) {
            let Some(Device { transport, name, driver }) = place else { continue };
            let mut context = Context { platform, log: &mut self.log, transport: *transport, name: *name };
            let interrupted = wake.windows & (1 << window) != 0;
            if let Err(reason) = serve(&mut context, driver, interrupted, wake.tick) {
                leave_alone(&mut context, reason);
                *place = None;
                continue;
            }
            // Devices take turns at reporting, so that no round is much longer than another.
            let turn = self.round.wrapping_sub(window) % REPORT_ROUNDS;
            if wake.tick && turn == FIRST_REPORT {
                driver.report(&mut context);
            }
        }
        self.print(platform);
    }

    fn take_into_service<P: Platform>(
        &mut self,
        platform: &mut P,
        transport: TransportKind,
        window: u8,
    ) -> Option<Device> {
        let (transport, id) = Transport::probe(platform, transport, window)?;
        let Some(kind) = kind(id) else {
            let message = self.log.text("device at ").address(transport.address()).text(" with device ID ");
            message.number(u64::from(id)).text(": no driver for it, left alone\n");
            return None;
        };
        let mut number = 0;
        for other in &self.ids {
            number += u8::from(*other == id);
        }
        if let Some(place) = self.ids.get_mut(usize::from(window)) {
            *place = id;
        }
        let name = Name { kind, number };
        let mut context = Context { platform, log: &mut self.log, transport, name };
        context.message().text("found at ").address(transport.address()).text("\n");
        match Driver::start(&mut context, id)? {
            Ok(driver) => Some(Device { transport, name, driver }),
            Err(reason) => {
                leave_alone(&mut context, reason);
                None
            }
        }
    }

    /// Prints the log on the first console, or where the platform can while there is none.
    fn print<P: Platform>(&mut self, platform: &mut P) {
        for device in self.devices.iter_mut().flatten() {
            if let Driver::Console(console) = &mut device.driver {
                let (transport, name) = (device.transport, device.name);
                return console.print(&mut Context { platform, log: &mut self.log, transport, name });
            }
        }
        while let Some(byte) = self.log.peek() {
            platform.print(byte);
            self.log.advance();
        }
    }
}

fn serve<P: Platform>(
    context: &mut Context<'_, P>,
    driver: &mut Driver,
    interrupted: bool,
    tick: bool,
) -> Result<(), Broken> {
    if interrupted {
        context.transport.acknowledge_interrupt(context.platform)?;
        driver.complete(context)?;
    }
    if tick {
        driver.tick(context)?;
    }
    Ok(())
}

fn leave_alone<P: Platform>(context: &mut Context<'_, P>, reason: Broken) {
    context.transport.fail(context.platform);
    context.message().text(reason.text()).text(", left alone\n");
}
