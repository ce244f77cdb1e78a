//! Values of fields, and lists of names.

use qapi_schema::inspect::{
    VirtioDescriptorFlag, VirtioDescriptorProblem, VirtioField, VirtioFieldBranch, VirtioInterruptBit,
    VirtioStatusBit, VirtioUnit,
};

/// A value without its name.
pub(super) fn content(field: &VirtioField) -> String {
    match &field.branch {
        VirtioFieldBranch::Number(number) => match number.unit {
            Some(unit) => format!("{} {}", number.value, unit_text(unit)),
            None => number.value.to_string(),
        },
        VirtioFieldBranch::Choice(choice) => match &choice.choice {
            Some(name) => format!("{name} ({})", choice.value),
            None => format!("unknown ({})", choice.value),
        },
        VirtioFieldBranch::Flags(flags) if flags.set.is_empty() => format!("{:#x}", flags.value),
        VirtioFieldBranch::Flags(flags) => format!("{:#x} ({})", flags.value, flags.set.join(", ")),
        VirtioFieldBranch::Range(range) => {
            format!("{} {} from {} on", range.count, unit_text(range.unit), range.first)
        }
        VirtioFieldBranch::Bytes(bytes) => bytes.hex.clone(),
        VirtioFieldBranch::Text(text) => format!("\"{}\"", text.text.escape_debug()),
    }
}

fn unit_text(unit: VirtioUnit) -> &'static str {
    match unit {
        VirtioUnit::MegabitsPerSecond => "Mbit/s",
        unit => unit.as_str(),
    }
}

/// Something that has a name on the wire.
pub(super) trait Named: Copy {
    /// The name.
    fn name(self) -> &'static str;
}

macro_rules! named {
    ($($name:ident)+) => {
        $(impl Named for $name {
            fn name(self) -> &'static str {
                self.as_str()
            }
        })+
    };
}

named! { VirtioDescriptorFlag VirtioDescriptorProblem VirtioInterruptBit VirtioStatusBit }

/// Names with blanks between, or `none`.
pub(super) fn words<T: Named>(names: &[T]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|each| each.name()).collect::<Vec<_>>().join(" ")
}
