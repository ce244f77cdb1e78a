//! Events.

use super::code::{code, literal};
use super::context::Context;
use super::names::{distinct, snake};
use super::requests::delegate;
use super::types::Target;
use crate::schema::{BuiltIn, Entity, EntityId, EntityKind, Event, ModuleId};

/// Events of which at most one a second is sent, and the member that says whom they are about if everybody has a second of
/// their own. The protocol says so; the language has no word for it.
const RATE_LIMITED: [(&str, Option<&str>); 9] = [
    ("BALLOON_CHANGE", None),
    ("BLOCK_IO_ERROR", Some("qom-path")),
    ("HV_BALLOON_STATUS_REPORT", None),
    ("MEMORY_DEVICE_SIZE_CHANGE", Some("qom-path")),
    ("QUORUM_FAILURE", None),
    ("QUORUM_REPORT_BAD", Some("node-name")),
    ("RTC_CHANGE", None),
    ("VSERPORT_CHANGE", Some("id")),
    ("WATCHDOG", None),
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
        target.code.needs(&["Event"]);
        code!(target.code, "impl Event for {name} {{\nconst NAME: &'static str = {};", literal(&entity.name));
        code!(target.code, "const HAS_DATA: bool = {has_data};");
        if let Some((_, about)) = RATE_LIMITED.iter().find(|(name, _)| *name == entity.name) {
            target.code.needs(&["Duration"]);
            code!(target.code, "const INTERVAL: Option<Duration> = Some(Duration::from_secs(1));");
            if let Some(field) = about.and_then(|member| self.text_field(event, member)) {
                code!(target.code, "\nfn about(&self) -> Option<&str> {{\nSome(&self.{field})\n}}");
            }
        }
        code!(target.code, "}}");
    }

    /// The field of an event for this member, if it is one that is always there and a text.
    fn text_field(&self, event: &Event, member: &str) -> Option<String> {
        let data = event.arguments.filter(|data| self.is_listed(*data))?;
        let members = self.schema.all_members(data);
        let names = distinct(members.iter().map(|member| member.name.as_str()), snake);
        let (name, found) = names.into_iter().zip(members).find(|(_, each)| each.name == member)?;
        let is_text = matches!(self.schema.entity(found.of).kind, EntityKind::BuiltIn(BuiltIn::Str));
        (is_text && !found.optional && found.condition.is_none()).then_some(name)
    }
}
