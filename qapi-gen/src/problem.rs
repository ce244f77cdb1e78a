//! Everything that can be wrong with a schema, in QEMU's wording.

use thiserror::Error;

/// What is wrong. The text is the one that QEMU's front end prints.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "each variant's message says what it is")]
pub enum Problem {
    // The text of a file.
    #[error("missing terminating \"'\"")]
    MissingQuote,
    #[error("unknown escape \\{0}")]
    UnknownEscape(char),
    #[error("funny character in string")]
    FunnyCharacter,
    #[error("stray '{0}'")]
    Stray(String),
    #[error("expected {0}")]
    Expected(&'static str),
    #[error("duplicate key '{0}'")]
    DuplicateKey(String),
    #[error("nested more than {0} levels deep")]
    TooDeep(usize),

    // Documentation comments.
    #[error("junk after '##' at {0} of documentation comment")]
    JunkAfterMarker(&'static str),
    #[error("missing space after #")]
    MissingSpace,
    #[error("documentation comment must end with '##'")]
    UnterminatedComment,
    #[error("line should end with ':'")]
    SymbolWithoutColon,
    #[error("name required after '@'")]
    SymbolWithoutName,
    #[error("'@{0}:' not allowed in free-form documentation")]
    DescriptionInFreeForm(String),
    #[error("'=' heading must come first in a comment block")]
    LateHeading,
    #[error("unexpected '=' markup in definition documentation")]
    HeadingInDefinition,
    #[error("unexpected de-indent (expected at least {0} spaces)")]
    DeIndent(usize),
    #[error("description of '@{0}:' follows a section")]
    DescriptionAfterSection(String),
    #[error("duplicated 'Features:' line")]
    DuplicatedFeatures,
    #[error("feature descriptions expected")]
    FeaturesExpected,
    #[error("duplicated '{0}' section")]
    DuplicatedSection(&'static str),
    #[error("The '{tag}' section is no longer supported. Please use {instead} instead.")]
    RetiredSection { tag: String, instead: &'static str },
    #[error("text required after '{0}:'")]
    TextRequired(&'static str),
    #[error("invalid parameter name")]
    EmptyParameterName,
    #[error("'{0}' parameter name duplicated")]
    DuplicatedParameter(String),
    #[error("documentation for '{0}' is not followed by the definition")]
    DocumentationWithoutDefinition(String),
    #[error("definition documentation required")]
    DefinitionDocumentationRequired,
    #[error("documentation comment is for '{0}'")]
    DocumentationForOther(String),
    #[error("documentation comment required")]
    DocumentationRequired,
    #[error("'{0}' section is only valid for commands")]
    SectionOnlyForCommands(&'static str),
    #[error("'Returns' section, but command doesn't return anything")]
    ReturnsNothing,
    #[error("{role} '{name}' lacks documentation")]
    Undocumented { role: &'static str, name: String },
    #[error("documented {what}{} {} {} not exist", plural(names), quoted(names), if names.len() > 1 { "do" } else { "does" })]
    DocumentedButAbsent { what: &'static str, names: Vec<String> },

    // Directives.
    #[error("top-level expression must be an object")]
    NotAnObject,
    #[error("invalid '{0}' directive")]
    InvalidDirective(&'static str),
    #[error("value of 'include' must be a string")]
    IncludeNotString,
    #[error("inclusion loop for {0}")]
    InclusionLoop(String),
    #[error("can't read include file '{path}': {reason}")]
    IncludeUnreadable { path: String, reason: String },
    #[error("value of 'pragma' must be an object")]
    PragmaNotObject,
    #[error("unknown pragma '{0}'")]
    UnknownPragma(String),
    #[error("pragma 'doc-required' must be boolean")]
    PragmaNotBoolean,
    #[error("pragma {0} must be a list of strings")]
    PragmaNotStrings(String),

    // Expressions.
    #[error(
        "expression must have exactly one key 'enum', 'struct', 'union', 'alternate', 'command', 'event'"
    )]
    NotOneMetaKey,
    #[error("{0} requires a string name")]
    NameNotString(String),
    #[error("{source_} misses key{} {}", plural(keys), list(keys))]
    MissingKeys { source_: String, keys: Vec<String> },
    #[error("{source_} has unknown key{} {}\nValid keys are {}.", plural(keys), list(keys), list(valid))]
    UnknownKeys { source_: String, keys: Vec<String>, valid: Vec<String> },
    #[error("{0} has an invalid name")]
    InvalidName(String),
    #[error("name of {0} must not use lowercase or '-'")]
    NotUpper(String),
    #[error("name of {0} must not use uppercase or '_'")]
    NotLower(String),
    #[error("name of {0} must use CamelCase")]
    NotCamel(String),
    #[error("{0} name should not end in 'List'")]
    NameEndsInList(String),
    #[error("{0} uses reserved name")]
    ReservedName(String),
    #[error("{0} must be an array")]
    NotArray(String),
    #[error("{0} must be an object")]
    MustBeObject(String),
    #[error("{0} must not be empty")]
    Empty(String),
    #[error("'prefix' must be a string")]
    PrefixNotString,
    #[error("{0} should be an object or type name")]
    NotObjectOrType(String),
    #[error("{0} should be a type name or array")]
    NotTypeOrArray(String),
    #[error("{0} should be a type name")]
    NotType(String),
    #[error("{0}: array type must contain single type name")]
    NotSingleElement(String),
    #[error("'boxed': true requires 'data'")]
    BoxedWithoutData,
    #[error("flag '{name}' may only use {value} value")]
    FlagValue { name: &'static str, value: bool },
    #[error("flags 'allow-oob' and 'coroutine' are incompatible")]
    FlagsIncompatible,
    #[error("'if' condition '{condition}' of {source_} is not a valid identifier")]
    ConditionName { condition: String, source_: String },
    #[error("'if' condition of {0} must be a string or an object")]
    ConditionKind(String),
    #[error("'if' condition of {0} has conflicting keys")]
    ConditionKeys(String),
    #[error("'{operator}' condition of {source_} must be an array")]
    ConditionNotArray { operator: &'static str, source_: String },
    #[error("'if' condition [] of {0} is useless")]
    ConditionEmpty(String),

    // The schema as a whole.
    #[error("{0} is already defined")]
    AlreadyDefined(String),
    #[error("Maximum of {0} schema features is permitted")]
    TooManyFeatures(usize),
    #[error("{what} uses unknown type '{name}'")]
    UnknownType { what: String, name: String },
    #[error("{0} is an array of arrays")]
    ArrayOfArrays(String),
    #[error("object {0} contains itself")]
    ContainsItself(String),
    #[error("'base' requires a struct type, {0} isn't")]
    BaseNotStruct(String),
    #[error("{what} collides with {other}")]
    Collision { what: String, other: String },
    #[error("discriminator '{0}' is not a member of 'base'")]
    DiscriminatorUnknown(String),
    #[error("discriminator member '{name}' of {base} must {rule}")]
    Discriminator { name: String, base: String, rule: &'static str },
    #[error("union has no branches")]
    NoBranches,
    #[error("branch '{branch}' is not a value of {of}")]
    BranchNotValue { branch: String, of: String },
    #[error("branch '{branch}' cannot use {description}")]
    BranchType { branch: String, description: String },
    #[error("branch '{branch}' can't be distinguished from '{other}'")]
    Indistinct { branch: String, other: String },
    #[error("{meta}'s '{key}' cannot take {description}")]
    CannotTake { meta: &'static str, key: &'static str, description: String },
    #[error("{meta}'s 'data' can take {description} only with 'boxed': true")]
    UnionNotBoxed { meta: &'static str, description: String },
    #[error("conditional {0} arguments require 'boxed': true")]
    ConditionalArguments(&'static str),
    #[error("feature '{0}' is not supported for types")]
    SpecialFeature(String),

    // The table of the human monitor.
    #[error("{0} must be a string")]
    NotString(String),
    #[error("a verb needs exactly one of 'command', 'local' and 'subcommands'")]
    VerbAction,
    #[error("verb '{0}' is there already")]
    VerbTaken(String),
    #[error("'kind' of argument '{argument}' must be one of {}, not '{kind}'", quoted_list(kinds))]
    UnknownKind { argument: String, kind: String, kinds: &'static [&'static str] },
    #[error("mandatory argument '{0}' comes after an optional one")]
    MandatoryAfterOptional(String),
    #[error("there is no command '{0}' that code is generated for")]
    UnknownCommand(String),
    #[error("command '{0}' takes its arguments as one value; make the verb 'local'")]
    ArgumentsNotListed(String),
    #[error("command '{command}' has no argument '{argument}'")]
    NoSuchArgument { command: String, argument: String },
    #[error("command '{command}' needs the argument '{argument}'")]
    ArgumentMissing { command: String, argument: String },
    #[error("an argument of kind '{kind}' cannot be given to {description}")]
    KindMismatch { kind: String, description: String },
}

fn plural(names: &[String]) -> &'static str {
    if names.len() > 1 { "s" } else { "" }
}

fn list(names: &[String]) -> String {
    let mut names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    names.sort();
    names.join(", ")
}

fn quoted_list(names: &[&str]) -> String {
    names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
}

fn quoted(names: &[String]) -> String {
    format!("'{}'", names.join("', '"))
}
