//! Requests: commands from the client's side, and the arguments that a command lists itself.

use super::code::{code, literal};
use super::commands::{Arguments, Operation};
use super::context::Context;
use super::types::Target;
use crate::schema::ModuleId;

impl Context<'_> {
    /// Writes one struct a command.
    pub(crate) fn requests(&self, module: ModuleId, target: &mut Target<'_>) {
        for operation in &self.operations(module) {
            target.guarded(operation.entity, |target| self.request(operation, target));
        }
    }

    fn request(&self, operation: &Operation<'_>, target: &mut Target<'_>) {
        let Operation { entity, command, request, .. } = operation;
        let returned = match command.returns {
            None => "Empty".to_owned(),
            Some(id) => self.type_name(id, target.module, target.imports),
        };
        let documentation = format!("Command `{}`.\n\n{}", entity.name, self.documentation(entity));
        match (self.arguments(command, target.module, target.imports), command.arguments) {
            (Arguments::Request, Some(id)) => self.object(id, entity, request, &documentation, target),
            (Arguments::Type(of), _) => {
                target.code.blank();
                target.code.documentation(&documentation, format_args!(""));
                code!(target.code, "{}\npub struct {request}(pub {of});\n", self.derives);
                delegate(request, target);
            }
            _ => {
                target.code.blank();
                target.code.documentation(&documentation, format_args!(""));
                code!(target.code, "#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub struct {request};\n");
                code!(target.code, "impl Serialize for {request} {{");
                code!(
                    target.code,
                    "fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {{"
                );
                code!(target.code, "Empty.serialize(serializer)\n}}\n}}\n");
            }
        }
        code!(
            target.code,
            "impl Request for {request} {{\nconst NAME: &'static str = {};",
            literal(&entity.name)
        );
        code!(target.code, "type Return = {returned};\n}}");
    }
}

/// A struct around one value is written as that value.
pub(crate) fn delegate(name: &str, target: &mut Target<'_>) {
    code!(target.code, "impl Serialize for {name} {{");
    code!(target.code, "fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {{");
    code!(target.code, "self.0.serialize(serializer)\n}}\n}}\n");
    code!(target.code, "impl Decode for {name} {{");
    code!(target.code, "fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {{");
    code!(target.code, "Decode::decode(value, path).map(Self)\n}}\n}}\n");
}
