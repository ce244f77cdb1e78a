//! The dump that QEMU's tests of its front end print: everything that was understood, in plain lines.

use std::fmt::Write;

use crate::condition::Condition;
use crate::documentation::Documentation;
use crate::schema::{Branch, Entity, EntityId, EntityKind, Feature, ModuleItem, Object, Schema};

/// The dump of a schema.
pub fn dump(schema: &Schema) -> String {
    let mut dump = Dump { schema, text: String::new() };
    for module in schema.modules() {
        dump.line(0, &format!("module {}", module.name));
        for item in &module.items {
            match item {
                ModuleItem::Include(id) => dump.line(0, &format!("include {}", schema.module(*id).name)),
                ModuleItem::Entity(id) => dump.entity(schema.entity(*id)),
            }
        }
    }
    schema.documentation().iter().for_each(|block| dump.documentation(block));
    dump.text
}

struct Dump<'s> {
    schema: &'s Schema,
    text: String,
}

impl Dump<'_> {
    fn line(&mut self, indentation: usize, line: &str) {
        // Writing to a String does not fail.
        let _ = writeln!(self.text, "{:indentation$}{line}", "");
    }

    fn name(&self, id: Option<EntityId>) -> &str {
        id.map_or("None", |id| &self.schema.entity(id).name)
    }

    fn condition(&mut self, indentation: usize, condition: Option<&Condition>) {
        if let Some(condition) = condition {
            self.line(indentation, &format!("if {condition}"));
        }
    }

    fn extras(&mut self, indentation: usize, condition: Option<&Condition>, features: &[Feature]) {
        self.condition(indentation, condition);
        for feature in features {
            self.line(indentation, &format!("feature {}", feature.name));
            self.condition(indentation + 4, feature.condition.as_ref());
        }
    }

    fn entity(&mut self, entity: &Entity) {
        let name = &entity.name;
        match &entity.kind {
            EntityKind::BuiltIn(_) => return,
            EntityKind::Array(_) if entity.span.is_none() => return,
            EntityKind::Array(element) => {
                let element = self.name(Some(*element)).to_owned();
                self.line(0, &format!("array {name} {element}"));
            }
            EntityKind::Enum(of) => {
                self.line(0, &format!("enum {name}"));
                if let Some(prefix) = &of.prefix {
                    self.line(4, &format!("prefix {prefix}"));
                }
                for value in &of.values {
                    self.line(4, &format!("member {}", value.name));
                    self.extras(8, value.condition.as_ref(), &value.features);
                }
            }
            EntityKind::Object(object) => self.object(name, object),
            EntityKind::Alternate(branches) => {
                self.line(0, &format!("alternate {name}"));
                self.line(4, "tag type");
                self.branches(branches);
            }
            EntityKind::Command(command) => {
                let (arguments, returns) = (self.name(command.arguments), self.name(command.returns));
                self.line(0, &format!("command {name} {arguments} -> {returns}"));
                let flags = format!(
                    "gen={} success_response={} boxed={} oob={} preconfig={}{}",
                    python(command.generate),
                    python(command.success_response),
                    python(command.boxed),
                    python(command.allow_oob),
                    python(command.allow_preconfig),
                    if command.coroutine { " coroutine=True" } else { "" },
                );
                self.line(4, &flags);
            }
            EntityKind::Event(event) => {
                self.line(0, &format!("event {name} {}", self.name(event.arguments)));
                self.line(4, &format!("boxed={}", python(event.boxed)));
            }
        }
        self.extras(4, entity.condition.as_ref(), &entity.features);
    }

    fn object(&mut self, name: &str, object: &Object) {
        self.line(0, &format!("object {name}"));
        if object.base.is_some() {
            self.line(4, &format!("base {}", self.name(object.base)));
        }
        for member in &object.members {
            let of = self.name(Some(member.of));
            let line = format!("member {}: {of} optional={}", member.name, python(member.optional));
            self.line(4, &line);
            self.extras(8, member.condition.as_ref(), &member.features);
        }
        if let Some(branches) = &object.branches {
            self.line(4, &format!("tag {}", branches.discriminator));
            self.branches(&branches.branches);
        }
    }

    fn branches(&mut self, branches: &[Branch]) {
        for branch in branches {
            self.line(4, &format!("case {}: {}", branch.name, self.name(Some(branch.of))));
            self.condition(8, branch.condition.as_ref());
        }
    }

    fn documentation(&mut self, block: &Documentation) {
        match &block.symbol {
            Some(symbol) => self.line(0, &format!("doc symbol={symbol}")),
            None => self.line(0, "doc freeform"),
        }
        self.line(4, "body=");
        self.line(0, &block.body);
        for (role, descriptions) in [("arg", &block.members), ("feature", &block.features)] {
            for description in descriptions.iter() {
                self.line(4, &format!("{role}={}", description.name));
                self.line(0, &description.text);
            }
        }
        for section in &block.sections {
            self.line(4, &format!("section={}", section.kind.as_str()));
            self.line(0, &section.text);
        }
    }
}

/// A truth value as Python writes it.
fn python(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}
