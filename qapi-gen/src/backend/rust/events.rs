//! Events.

use super::code::{code, literal};
use super::context::Context;
use super::requests::delegate;
use super::types::Target;
use crate::schema::{EntityId, EntityKind, ModuleId};

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
    pub(crate) fn events_of(&self, module: ModuleId) -> Vec<EntityId> {
        let is_event = |kind: &EntityKind| matches!(kind, EntityKind::Event(_));
        let events =
            self.schema.entities().filter(|(_, entity)| entity.module == module && is_event(&entity.kind));
        events.map(|(id, _)| id).collect()
    }

    pub(crate) fn event(&self, id: EntityId, target: &mut Target<'_>) {
        let entity = self.schema.entity(id);
        let EntityKind::Event(event) = &entity.kind else { return };
        let name = self.names.of(id).to_owned();
        let documentation = format!("Event `{}`.\n\n{}", entity.name, self.documentation(entity));
        match event.arguments {
            Some(data) if !self.is_listed(data) => {
                let of = self.type_name(data, target.module, target.imports);
                target.code.blank();
                target.code.documentation(&documentation, "");
                code!(target.code, "#[derive(Clone, Debug, PartialEq)]\npub struct {name}(pub {of});\n");
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
