//! Commands: the trait that a server implements and the table that calls it.

use super::code::{Code, code, literal};
use super::conditions::attribute;
use super::context::{Context, Imports};
use super::names::{camel, distinct, snake};
use super::types::Target;
use crate::schema::{Command, Entity, EntityId, EntityKind, Feature, ModuleId, Origin};

/// A command of one module with the names that its code uses.
pub(crate) struct Operation<'s> {
    pub(crate) entity: &'s Entity,
    pub(crate) command: &'s Command,
    pub(crate) method: String,
    pub(crate) request: String,
}

/// How a command's arguments are handed over.
pub(crate) enum Arguments {
    None,
    /// As the request itself: the command lists them.
    Request,
    /// As a value of this type.
    Type(String),
}

impl Operation<'_> {
    /// The attribute for the command's condition.
    pub(crate) fn guard(&self) -> String {
        attribute(self.entity.condition.as_ref())
    }
}

impl Context<'_> {
    /// The commands of a module that code is generated for.
    pub(crate) fn operations(&self, module: ModuleId) -> Vec<Operation<'_>> {
        let commands: Vec<(&Entity, &Command)> = self
            .schema
            .in_module(module)
            .filter_map(|(_, entity)| match &entity.kind {
                EntityKind::Command(command) if command.generate => Some((entity, command)),
                _ => None,
            })
            .collect();
        let wire = || commands.iter().map(|(entity, _)| entity.name.as_str());
        let methods = distinct(wire(), snake);
        let request = |name: &str| match camel(name) {
            taken if self.names.is_taken(&taken) => format!("{taken}Request"),
            free => free,
        };
        let requests = distinct(wire(), request);
        let named = commands.iter().zip(methods).zip(requests);
        named
            .map(|(((entity, command), method), request)| Operation { entity, command, method, request })
            .collect()
    }

    pub(crate) fn arguments(&self, command: &Command, module: ModuleId, imports: &mut Imports) -> Arguments {
        match command.arguments {
            None => Arguments::None,
            Some(id) if self.is_listed(id) => Arguments::Request,
            Some(id) => Arguments::Type(self.type_name(id, module, imports)),
        }
    }

    pub(crate) fn is_listed(&self, id: EntityId) -> bool {
        self.schema.object(id).is_some_and(|object| object.origin == Origin::Arguments)
    }

    /// The name of a module's trait.
    pub(crate) fn handler(&self, module: ModuleId) -> String {
        let mut name = format!("{}Commands", camel(self.module(module)));
        while self.names.is_taken(&name) {
            name.push('_');
        }
        name
    }

    /// Writes the trait and the table of a module.
    pub(crate) fn commands(&self, module: ModuleId, target: &mut Target<'_>) {
        let operations = self.operations(module);
        if operations.is_empty() {
            return;
        }
        let handler = self.handler(target.module);
        let code = &mut *target.code;
        code.needs(&["Command", "Error", "Map", "Reply", "Value", "decode"]);
        code!(code, "\n/// The commands of `{}`.", self.schema.module(target.module).name);
        code!(code, "pub trait {handler} {{");
        for operation in &operations {
            self.method(operation, target);
        }
        let code = &mut *target.code;
        code!(code, "}}\n\n/// The table of the commands of `{}`.", self.schema.module(target.module).name);
        code!(code, "pub fn commands<H: {handler} + ?Sized>() -> Vec<Command<H>> {{\nVec::from([");
        for operation in &operations {
            let Command { allow_oob, allow_preconfig, success_response, .. } = operation.command;
            code!(
                code,
                "{}Command {{\nname: {},\nallow_oob: {allow_oob},",
                operation.guard(),
                literal(&operation.entity.name)
            );
            code!(code, "allow_preconfig: {allow_preconfig},\nsuccess_response: {success_response},");
            code!(code, "features: &[{}],", features(operation.entity));
            code!(code, "call: call_{}::<H>,\n}},", operation.method.trim_end_matches('_'));
        }
        code!(code, "])\n}}");
        for operation in &operations {
            self.call(operation, &handler, target);
        }
    }

    fn method(&self, operation: &Operation<'_>, target: &mut Target<'_>) {
        let arguments = match self.arguments(operation.command, target.module, target.imports) {
            Arguments::None => String::new(),
            Arguments::Request => {
                target.code.needs(&["requests"]);
                format!(", arguments: requests::{}", operation.request)
            }
            Arguments::Type(of) => format!(", arguments: {of}"),
        };
        let returned = match operation.command.returns {
            None => "()".to_owned(),
            Some(id) => self.type_name(id, target.module, target.imports),
        };
        let documentation = self.documentation(operation.entity);
        let documentation = match documentation.contains("# Errors") {
            true => documentation,
            false => format!("{documentation}\n\n# Errors\n\nThe command failed."),
        };
        target.code.blank();
        target.code.documentation(&documentation, format_args!(""));
        let guard = operation.guard();
        code!(target.code, "{guard}fn {}(&self{arguments}) -> Result<{returned}, Error>;", operation.method);
    }

    fn call(&self, operation: &Operation<'_>, handler: &str, target: &mut Target<'_>) {
        let Operation { method, command, .. } = operation;
        let code = &mut *target.code;
        let guard = operation.guard();
        code.blank();
        code!(code, "{guard}fn call_{}<H: {handler} + ?Sized>(", method.trim_end_matches('_'));
        code!(code, "handler: &H,\narguments: Map<String, Value>,");
        let reply = if command.success_response { "reply" } else { "_reply" };
        code!(code, "{reply}: &mut Reply,\n) -> Result<(), Error> {{");
        match command.arguments {
            None => {
                code.needs(&["Empty"]);
                code!(code, "let Empty = decode::arguments(arguments)?;");
                finish(code, &format!("handler.{method}()"), command);
            }
            Some(_) => finish(code, &format!("handler.{method}(decode::arguments(arguments)?)"), command),
        }
        code!(code, "}}");
    }
}

/// The elements of the list of a command's features.
fn features(entity: &Entity) -> String {
    let element =
        |feature: &Feature| format!("{}{}", attribute(feature.condition.as_ref()), literal(&feature.name));
    entity.features.iter().map(element).collect::<Vec<_>>().join(", ")
}

fn finish(code: &mut Code, call: &str, command: &Command) {
    match (command.success_response, command.returns) {
        (false, None) => code!(code, "{call}"),
        (false, Some(_)) => code!(code, "{call}.map(|_| ())"),
        (true, None) => {
            code.needs(&["Empty"]);
            code!(code, "{call}?;\nreply.write(&Empty)");
        }
        (true, Some(_)) => code!(code, "reply.write(&{call}?)"),
    }
}
