//! Whether a JSON value is one of a type.

use serde_json::{Map, Value};

use crate::schema::{BuiltIn, EntityId, EntityKind, Object, Schema};
use crate::transcript::is_anything;

/// Checks `value` against the type `of`; what an example leaves out fits everything.
///
/// # Errors
/// Where it does not fit, and why.
pub(crate) fn validate(schema: &Schema, of: EntityId, value: &Value) -> Result<(), String> {
    if is_anything(value) {
        return Ok(());
    }
    let refuse = || Err(format!("{value} is no {}", schema.entity(of).name));
    match (&schema.entity(of).kind, value) {
        (EntityKind::BuiltIn(built_in), _) if fits(*built_in, value) => Ok(()),
        (EntityKind::Enum(of), Value::String(text)) if of.values.iter().any(|value| value.name == *text) => {
            Ok(())
        }
        (EntityKind::Array(element), Value::Array(elements)) => {
            elements.iter().try_for_each(|value| validate(schema, *element, value))
        }
        (EntityKind::Alternate(branches), _) => {
            let fits = |of| validate(schema, of, value).is_ok();
            if branches.iter().any(|branch| fits(branch.of)) { Ok(()) } else { refuse() }
        }
        (EntityKind::Object(_), Value::Object(members)) => {
            let mut known = Vec::new();
            take(schema, of, members, &mut known)?;
            match members
                .keys()
                .find(|name| !known.contains(&name.as_str()) && !is_anything(&Value::from(name.as_str())))
            {
                Some(name) => Err(format!("there is no member '{name}'")),
                None => Ok(()),
            }
        }
        _ => refuse(),
    }
}

/// Checks the members that belong to one object and collects their names.
fn take<'s>(
    schema: &'s Schema,
    id: EntityId,
    members: &Map<String, Value>,
    known: &mut Vec<&'s str>,
) -> Result<(), String> {
    let is_open = members.values().any(is_anything);
    for member in schema.all_members(id) {
        known.push(&member.name);
        match members.get(&member.name) {
            Some(value) => {
                validate(schema, member.of, value)
                    .map_err(|problem| format!("member '{}': {problem}", member.name))?;
            }
            None if member.optional || is_open => {}
            None => return Err(format!("member '{}' is missing", member.name)),
        }
    }
    let Some(Object { branches: Some(branches), .. }) = schema.object(id) else { return Ok(()) };
    let tag = members.get(&branches.discriminator).and_then(Value::as_str);
    match branches.branches.iter().find(|branch| Some(branch.name.as_str()) == tag) {
        Some(branch) => take(schema, branch.of, members, known),
        None => Ok(()),
    }
}

fn fits(built_in: BuiltIn, value: &Value) -> bool {
    match built_in {
        BuiltIn::Any => true,
        BuiltIn::Str => value.is_string(),
        BuiltIn::Bool => value.is_boolean(),
        BuiltIn::Null => value.is_null(),
        BuiltIn::Number => value.is_number(),
        integer => value.as_i64().map(i128::from).or(value.as_u64().map(i128::from)).is_some_and(|number| {
            let range = integer.range();
            range.is_some_and(|(least, most)| least <= number && number <= most)
        }),
    }
}
