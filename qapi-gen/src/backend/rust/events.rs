//! Events.

use super::code::{code, literal};
use super::context::Context;
use super::requests::delegate;
use super::types::Target;
use crate::schema::{Entity, EntityId, EntityKind, Event, ModuleId};

/// Events of which at most one a second is sent. The protocol says so; the language has no word for it.
const RATE_LIMITED: [&str; 9] = [
    "BALLOON_CHANGE",
    "BLOCK_IO_ERROR",
    "HV_BALLOON_STATUS_REPORT",
    "MEMORY_DEVICE_SIZE_CHANGE",
    "QUORUM_FAILURE",
    "QUORUM_REPORT_BAD",
    "RTC_CHANGE",
    "VSERPORT_CHANGE",
    "WATCHDOG",
];

impl Context<'_> {
    /// Writes one struct an event.
    pub(crate) fn events(&self, module: ModuleId, target: &mut Target<'_>) {
        for (id, entity) in self.schema.in_module(module) {
            if let EntityKind::Event(event) = &entity.kind {
                target.guarded(entity, |target| self.event(id, entity, event, target));
            }
        }
    }

    fn event(&self, id: EntityId, entity: &Entity, event: &Event, target: &mut Target<'_>) {
        let name = self.names.of(id).to_owned();
        let documentation = format!("Event `{}`.\n\n{}", entity.name, self.documentation(entity));
        match event.arguments {
            Some(data) if !self.is_listed(data) => {
                let of = self.type_name(data, target.module, target.imports);
                target.code.blank();
                target.code.documentation(&documentation, format_args!(""));
                code!(target.code, "{}\npub struct {name}(pub {of});\n", self.derives);
                delegate(&name, target);
            }
            data => {
                let empty = self.schema.lookup("q_empty").unwrap_or(EntityId::FIRST);
                self.object(data.unwrap_or(empty), entity, &name, &documentation, target);
            }
        }
        let has_data = event.arguments.is_some();
        code!(target.code, "impl Event for {name} {{\nconst NAME: &'static str = {};", literal(&entity.name));
        code!(target.code, "const HAS_DATA: bool = {has_data};");
        if RATE_LIMITED.contains(&entity.name.as_str()) {
            code!(target.code, "const INTERVAL: Option<Duration> = Some(Duration::from_secs(1));");
        }
        code!(target.code, "}}");
    }
}
