//! What the verbs of the generated table show, and what those do that the monitor runs itself.

use std::fmt::Display;

use qapi_schema::balloon::BalloonInfo;
use qapi_schema::balloon::requests::Balloon;
use qapi_schema::block::requests::QueryBlockstats;
use qapi_schema::block::{BlockInfo, BlockStats};
use qapi_schema::char::ChardevInfo;
use qapi_schema::hmp;
use qapi_schema::inspect::requests::{QueryVirtio, QueryVirtioChains};
use qapi_schema::inspect::{VirtioChains, VirtioDevice};
use qapi_schema::machine::{CpuInfoFast, KvmInfo, MemoryInfo, NameInfo, StatusInfo, UuidInfo};
use qapi_schema::qom::ObjectPropertyInfo;
use qapi_schema::qom::requests::{QomGet, QomList};
use qapi_schema::runtime::Error;
use qapi_schema::virtio::requests::{
    XQueryVirtioQueueElement, XQueryVirtioQueueStatus, XQueryVirtioStatus, XQueryVirtioVhostQueueStatus,
};
use qapi_schema::virtio::{
    VirtQueueStatus, VirtVhostQueueStatus, VirtioInfo, VirtioQueueElement, VirtioStatus,
};
use qapi_schema::virtio_debug::requests::{
    XDebugVirtioQueueElement, XDebugVirtioQueueStatus, XDebugVirtioStatus,
};
use qapi_schema::virtio_debug::{
    DebugVirtQueueStatus, DebugVirtioInfo, DebugVirtioQueueElement, DebugVirtioStatus,
};

use crate::guest_view::RegistersError;
use serde_json::Value;

use crate::help::help;
use crate::line_editor::history::History;
use crate::monitor::{Machine, Monitor};
use crate::object_tree::{ROOT, info_qom_tree, info_qtree};
use crate::parse::format::Format;
use crate::parse::words::ArgumentReader;
use crate::printers;
use crate::session::Session;
use crate::statistics::info_statistics;
use crate::stats::info_stats;
use crate::virtual_memory::read_virtual;

/// Where a verb shows what it found, and what it may change.
pub(crate) struct Screen<'s, M> {
    pub(crate) monitor: &'s Monitor<M>,
    pub(crate) session: &'s mut Session,
    pub(crate) history: &'s History,
    pub(crate) text: String,
    /// The program ends.
    pub(crate) ended: bool,
    /// What went wrong in a verb whose errors have always been shown without a word before them.
    pub(crate) bare_error: Option<Error>,
}

impl<M: Machine> Screen<'_, M> {
    /// Shows the text; an error is kept for the session, to be shown as it is.
    fn show_or_fail(&mut self, text: Result<String, Error>) {
        match text {
            Ok(text) => self.text += &text,
            Err(error) => self.bare_error = Some(error),
        }
    }

    fn show(&mut self, text: impl Display) {
        self.text += &text.to_string();
    }
}

fn unreadable(error: RegistersError) -> Error {
    Error::generic(error.to_string())
}

impl<'l, M: Machine> hmp::Screen<ArgumentReader<'l>> for Screen<'_, M> {
    fn help(&mut self, cmd: Option<String>) -> Result<(), Error> {
        self.text += &help(&cmd.unwrap_or_default(), self.session.columns);
        Ok(())
    }

    fn quit(&mut self) -> Result<(), Error> {
        self.monitor.machine.quit()?;
        self.ended = true;
        Ok(())
    }

    fn cpu(&mut self, index: u32) -> Result<(), Error> {
        if !self.session.select_cpu(&*self.monitor.machine, i64::from(index))? {
            self.text += "invalid CPU index\n";
        }
        Ok(())
    }

    fn balloon(&mut self, target: u32) -> Result<(), Error> {
        self.monitor.machine.balloon(Balloon { value: i64::from(target) << 20 })
    }

    fn xp(&mut self, fmt: Format, addr: u64) -> Result<(), Error> {
        let machine = &*self.monitor.machine;
        let read = |address, data: &mut [u8]| Ok(machine.read_physical(address, data));
        self.text += &printers::memory::dump(&read, fmt, addr)?;
        Ok(())
    }

    fn x(&mut self, fmt: Format, addr: u64) -> Result<(), Error> {
        let (machine, cpu) = (&*self.monitor.machine, self.session.cpu);
        let read = |address, data: &mut [u8]| read_virtual(machine, cpu, address, data).map_err(unreadable);
        self.text += &printers::memory::dump(&read, fmt, addr)?;
        Ok(())
    }

    fn info_registers(&mut self, vcpu: Option<u32>) -> Result<(), Error> {
        let cpu = vcpu.map_or(self.session.cpu, i64::from);
        let registers = self.monitor.machine.registers(cpu).map_err(unreadable)?;
        self.text += &printers::registers::registers(&registers, self.session.columns);
        Ok(())
    }

    fn print(&mut self, fmt: Format, expr: u64) -> Result<(), Error> {
        self.text += &printers::memory::value(expr, fmt.notation);
        self.text.push('\n');
        Ok(())
    }

    fn info_history(&mut self) -> Result<(), Error> {
        for (number, line) in self.history.lines().enumerate() {
            self.text += &format!("{number}: '{}'\n", String::from_utf8_lossy(line));
        }
        Ok(())
    }

    fn info_qom_tree(&mut self, path: Option<String>) -> Result<(), Error> {
        let path = path.unwrap_or_else(|| ROOT.to_owned());
        self.text += &info_qom_tree(&*self.monitor.machine, &path)?;
        Ok(())
    }

    fn info_qtree(&mut self) -> Result<(), Error> {
        self.text += &info_qtree(&*self.monitor.machine)?;
        Ok(())
    }

    fn info_version(&mut self) -> Result<(), Error> {
        self.show(printers::machine::version(&self.monitor.version));
        Ok(())
    }

    fn info_stats(
        &mut self,
        target: String,
        names: Option<String>,
        provider: Option<String>,
    ) -> Result<(), Error> {
        let cpu = self.session.cpu;
        let text = info_stats(&*self.monitor.machine, cpu, &target, names.as_deref(), provider.as_deref());
        self.show_or_fail(text);
        Ok(())
    }

    fn info_statistics(&mut self, target: Option<String>, names: Option<String>) -> Result<(), Error> {
        let text = info_statistics(&*self.monitor.machine, target.as_deref(), names.as_deref());
        self.show_or_fail(text);
        Ok(())
    }

    fn print_query_status(&mut self, reply: StatusInfo) {
        self.show(printers::machine::status(&reply));
    }

    fn print_query_name(&mut self, reply: NameInfo) {
        self.show(printers::machine::name(&reply));
    }

    fn print_query_uuid(&mut self, reply: UuidInfo) {
        self.show(format_args!("{}\n", reply.uuid));
    }

    fn print_query_memory_size_summary(&mut self, reply: MemoryInfo) {
        self.show(printers::machine::memory(&reply));
    }

    fn print_qom_list(&mut self, _request: &QomList, reply: Vec<ObjectPropertyInfo>) {
        reply.iter().for_each(|property| self.show(format_args!("{} ({})\n", property.name, property.type_)));
    }

    fn print_qom_get(&mut self, _request: &QomGet, reply: Value) {
        self.show(format_args!("{reply:#}\n"));
    }

    fn print_query_kvm(&mut self, reply: KvmInfo) {
        self.show(printers::machine::kvm(&reply));
    }

    fn print_query_balloon(&mut self, reply: BalloonInfo) {
        self.show(printers::machine::balloon(&reply));
    }

    fn print_query_block(&mut self, reply: Vec<BlockInfo>) {
        self.show(printers::block::disks(&reply));
    }

    fn print_query_blockstats(&mut self, _request: &QueryBlockstats, reply: Vec<BlockStats>) {
        self.show(printers::block::statistics(&reply));
    }

    fn print_query_chardev(&mut self, reply: Vec<ChardevInfo>) {
        self.show(printers::machine::character_devices(&reply));
    }

    fn print_query_cpus_fast(&mut self, reply: Vec<CpuInfoFast>) {
        let current = self.session.cpu;
        match self.session.columns {
            Some(columns) => self.show(printers::machine::cpu_table(&reply, current, columns)),
            None => self.show(printers::machine::cpus(&reply, current)),
        }
    }

    fn print_x_query_virtio(&mut self, reply: Vec<VirtioInfo>) {
        self.show(printers::virtio::devices(&reply, self.session.columns));
    }

    fn print_x_query_virtio_status(&mut self, request: &XQueryVirtioStatus, reply: VirtioStatus) {
        self.show(printers::virtio::status(&request.path, &reply));
    }

    fn print_x_query_virtio_queue_status(
        &mut self,
        request: &XQueryVirtioQueueStatus,
        reply: VirtQueueStatus,
    ) {
        self.show(printers::virtio::queue_status(&request.path, &reply));
    }

    fn print_x_query_virtio_vhost_queue_status(
        &mut self,
        request: &XQueryVirtioVhostQueueStatus,
        reply: VirtVhostQueueStatus,
    ) {
        self.show(printers::virtio::vhost_queue_status(&request.path, &reply));
    }

    fn print_x_query_virtio_queue_element(
        &mut self,
        request: &XQueryVirtioQueueElement,
        reply: VirtioQueueElement,
    ) {
        self.show(printers::virtio::queue_element(&request.path, &reply));
    }

    fn print_query_virtio(&mut self, _request: &QueryVirtio, reply: Vec<VirtioDevice>) {
        self.show(printers::inspect_device::devices(&reply));
    }

    fn print_query_virtio_chains(&mut self, _request: &QueryVirtioChains, reply: VirtioChains) {
        self.show(printers::inspect_chains::chains(&reply));
    }

    fn print_x_debug_query_virtio(&mut self, reply: Vec<DebugVirtioInfo>) {
        self.show(printers::virtio_debug::devices(&reply, self.session.columns));
    }

    fn print_x_debug_virtio_status(&mut self, request: &XDebugVirtioStatus, reply: DebugVirtioStatus) {
        self.show(printers::virtio_debug::status(&request.path, &reply));
    }

    fn print_x_debug_virtio_queue_status(
        &mut self,
        request: &XDebugVirtioQueueStatus,
        reply: DebugVirtQueueStatus,
    ) {
        self.show(printers::virtio_debug::queue_status(&request.path, &reply));
    }

    fn print_x_debug_virtio_queue_element(
        &mut self,
        _request: &XDebugVirtioQueueElement,
        reply: DebugVirtioQueueElement,
    ) {
        self.show(printers::virtio_debug::queue_element(&reply));
    }
}
