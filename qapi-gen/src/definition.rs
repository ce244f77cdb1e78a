//! One definition as it is written, its form checked, its types still names.

use crate::condition::Condition;
use crate::diagnostic::DefinitionPlace;
use crate::source::Span;

/// A text and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Spanned {
    pub(crate) text: String,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) place: DefinitionPlace,
    pub(crate) name_span: Span,
    pub(crate) documentation: Option<usize>,
    pub(crate) condition: Option<Condition>,
    pub(crate) features: Vec<FeatureDefinition>,
    /// None if the form is wrong: then the name is known and nothing else.
    pub(crate) body: Option<Body>,
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    Enum { prefix: Option<String>, values: Vec<ValueDefinition> },
    Struct { base: Option<Spanned>, members: Vec<MemberDefinition> },
    Union { base: Data, discriminator: Spanned, branches: Vec<BranchDefinition> },
    Alternate { branches: Vec<BranchDefinition> },
    Command(CommandDefinition),
    Event { data: Data, boxed: bool },
}

#[derive(Clone, Debug)]
pub(crate) struct CommandDefinition {
    pub(crate) data: Data,
    pub(crate) returns: Option<TypeReference>,
    pub(crate) boxed: bool,
    pub(crate) generate: bool,
    pub(crate) success_response: bool,
    pub(crate) allow_oob: bool,
    pub(crate) allow_preconfig: bool,
    pub(crate) coroutine: bool,
}

/// The arguments of a command or event, or the base of a union.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    None,
    Type(Spanned),
    Members(Vec<MemberDefinition>),
}

#[derive(Clone, Debug)]
pub(crate) struct TypeReference {
    pub(crate) name: Spanned,
    pub(crate) is_array: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct MemberDefinition {
    pub(crate) name: Spanned,
    pub(crate) optional: bool,
    pub(crate) of: TypeReference,
    pub(crate) condition: Option<Condition>,
    pub(crate) features: Vec<FeatureDefinition>,
}

#[derive(Clone, Debug)]
pub(crate) struct ValueDefinition {
    pub(crate) name: Spanned,
    pub(crate) condition: Option<Condition>,
    pub(crate) features: Vec<FeatureDefinition>,
}

#[derive(Clone, Debug)]
pub(crate) struct BranchDefinition {
    pub(crate) name: Spanned,
    pub(crate) of: TypeReference,
    pub(crate) condition: Option<Condition>,
}

#[derive(Clone, Debug)]
pub(crate) struct FeatureDefinition {
    pub(crate) name: Spanned,
    pub(crate) condition: Option<Condition>,
}
