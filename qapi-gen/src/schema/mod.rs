//! The schema as backends see it: every type resolved, every check passed.

mod check;
mod clash;
mod decide;
mod define;
mod describe;
mod document;
mod object;
mod operation;

use std::collections::HashMap;

pub use decide::Decision;
pub(crate) use define::{Checked, define};

use crate::condition::Condition;
use crate::diagnostic::Meta;
use crate::documentation::Documentation;
use crate::source::{Sources, Span};

/// One thing in a schema: a type, a command or an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntityId(usize);

impl EntityId {
    /// What is predefined first.
    pub(crate) const FIRST: EntityId = EntityId(0);
}

/// One file of a schema, or the built-in types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleId(usize);

/// A whole schema.
#[derive(Debug)]
pub struct Schema {
    sources: Sources,
    modules: Vec<Module>,
    entities: Vec<Entity>,
    names: HashMap<String, EntityId>,
    documentation: Vec<Documentation>,
}

/// One file of a schema, in the order of first mention; the first module holds what is built in.
#[derive(Clone, Debug)]
pub struct Module {
    /// The path relative to the main file's folder; `./builtin` for the built-in types.
    pub name: String,
    /// What is in it, in order.
    pub items: Vec<ModuleItem>,
}

/// One thing at the top level of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModuleItem {
    /// An include directive.
    Include(ModuleId),
    /// A definition, or something that a definition made necessary.
    Entity(EntityId),
}

/// A type, a command or an event.
#[derive(Clone, Debug)]
pub struct Entity {
    /// Its name.
    pub name: String,
    /// The module that it is listed in.
    pub module: ModuleId,
    /// The whole expression; for arrays and implicit objects that of the definition that needs them; none for
    /// what is built in.
    pub span: Option<Span>,
    /// When it is there.
    pub condition: Option<Condition>,
    /// Its features.
    pub features: Vec<Feature>,
    /// Its documentation block, an index into [`Schema::documentation`].
    pub documentation: Option<usize>,
    /// What it is.
    pub kind: EntityKind,
}

/// What an entity is.
#[derive(Clone, Debug)]
pub enum EntityKind {
    /// A type of the language itself.
    BuiltIn(BuiltIn),
    /// An enumeration.
    Enum(Enum),
    /// An array with elements of this type.
    Array(EntityId),
    /// A struct, a union, or the unnamed type of arguments.
    Object(Object),
    /// A choice of types by the JSON kind of the value.
    Alternate(Vec<Branch>),
    /// A command.
    Command(Command),
    /// An event.
    Event(Event),
}

/// The types of the language itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the language's")]
pub enum BuiltIn {
    Str,
    Number,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Size,
    Bool,
    Any,
    Null,
}

impl BuiltIn {
    /// All of them, in the order in which they are predefined.
    pub const ALL: [BuiltIn; 15] = [
        BuiltIn::Str,
        BuiltIn::Number,
        BuiltIn::Int,
        BuiltIn::Int8,
        BuiltIn::Int16,
        BuiltIn::Int32,
        BuiltIn::Int64,
        BuiltIn::Uint8,
        BuiltIn::Uint16,
        BuiltIn::Uint32,
        BuiltIn::Uint64,
        BuiltIn::Size,
        BuiltIn::Bool,
        BuiltIn::Any,
        BuiltIn::Null,
    ];

    /// The name in the language.
    pub const fn as_str(self) -> &'static str {
        match self {
            BuiltIn::Str => "str",
            BuiltIn::Number => "number",
            BuiltIn::Int => "int",
            BuiltIn::Int8 => "int8",
            BuiltIn::Int16 => "int16",
            BuiltIn::Int32 => "int32",
            BuiltIn::Int64 => "int64",
            BuiltIn::Uint8 => "uint8",
            BuiltIn::Uint16 => "uint16",
            BuiltIn::Uint32 => "uint32",
            BuiltIn::Uint64 => "uint64",
            BuiltIn::Size => "size",
            BuiltIn::Bool => "bool",
            BuiltIn::Any => "any",
            BuiltIn::Null => "null",
        }
    }

    /// The least and the greatest number of an integer type.
    pub const fn range(self) -> Option<(i128, i128)> {
        const fn signed(bits: u32) -> Option<(i128, i128)> {
            Some((-(1 << (bits - 1)), (1 << (bits - 1)) - 1))
        }
        const fn unsigned(bits: u32) -> Option<(i128, i128)> {
            Some((0, (1 << bits) - 1))
        }
        match self {
            BuiltIn::Int8 => signed(8),
            BuiltIn::Int16 => signed(16),
            BuiltIn::Int32 => signed(32),
            BuiltIn::Int | BuiltIn::Int64 => signed(64),
            BuiltIn::Uint8 => unsigned(8),
            BuiltIn::Uint16 => unsigned(16),
            BuiltIn::Uint32 => unsigned(32),
            BuiltIn::Uint64 | BuiltIn::Size => unsigned(64),
            BuiltIn::Str | BuiltIn::Number | BuiltIn::Bool | BuiltIn::Any | BuiltIn::Null => None,
        }
    }

    /// Whether it is one of the integer types.
    pub const fn is_integer(self) -> bool {
        self.range().is_some()
    }
}

/// A feature of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// Its name.
    pub name: String,
    /// When it is there.
    pub condition: Option<Condition>,
}

/// An enumeration.
#[derive(Clone, Debug)]
pub struct Enum {
    /// What C puts before the values' names.
    pub prefix: Option<String>,
    /// The values.
    pub values: Vec<Value>,
}

/// A value of an enumeration.
#[derive(Clone, Debug)]
pub struct Value {
    /// The name, which is the value on the wire.
    pub name: String,
    /// When it is there.
    pub condition: Option<Condition>,
    /// Its features.
    pub features: Vec<Feature>,
}

/// How an object type came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A struct.
    Struct,
    /// A union.
    Union,
    /// Arguments that a command or event lists itself.
    Arguments,
    /// A base that a union lists itself.
    Base,
    /// The predefined type without members.
    Empty,
}

/// An object type.
#[derive(Clone, Debug)]
pub struct Object {
    /// How it came to be.
    pub origin: Origin,
    /// The type whose members come first.
    pub base: Option<EntityId>,
    /// Its own members.
    pub members: Vec<Member>,
    /// What follows, depending on a member's value.
    pub branches: Option<Branches>,
}

/// A member of an object.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// It may be left out.
    pub optional: bool,
    /// Its type.
    pub of: EntityId,
    /// When it is there.
    pub condition: Option<Condition>,
    /// Its features.
    pub features: Vec<Feature>,
}

/// The branches of a union.
#[derive(Clone, Debug)]
pub struct Branches {
    /// The member of the base that decides.
    pub discriminator: String,
    /// Its type, an enum.
    pub tag: EntityId,
    /// One branch a value: the explicit ones in the schema's order, then the empty ones.
    pub branches: Vec<Branch>,
}

/// A branch of a union or alternate.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its name; in a union the value that selects it.
    pub name: String,
    /// Its type.
    pub of: EntityId,
    /// When it is there.
    pub condition: Option<Condition>,
    /// The schema lists it; an enum value without a branch gets one implicitly.
    pub explicit: bool,
}

/// A command.
#[derive(Clone, Debug)]
pub struct Command {
    /// The type of its arguments; none if it takes none.
    pub arguments: Option<EntityId>,
    /// The type of what it returns; none if it returns nothing.
    pub returns: Option<EntityId>,
    /// The arguments are handed over as one value of their type.
    pub boxed: bool,
    /// Code is generated for it.
    pub generate: bool,
    /// It answers when it succeeds.
    pub success_response: bool,
    /// It may be sent with `exec-oob`.
    pub allow_oob: bool,
    /// It may be run before the machine is initialized.
    pub allow_preconfig: bool,
    /// It may run as a coroutine.
    pub coroutine: bool,
}

/// An event.
#[derive(Clone, Debug)]
pub struct Event {
    /// The type of its data; none if it has none.
    pub arguments: Option<EntityId>,
    /// The data is handed over as one value of its type.
    pub boxed: bool,
}

impl Schema {
    /// The files that it was read from.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The modules in the order of first mention.
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// The modules' identities, in the same order.
    pub fn module_ids(&self) -> impl Iterator<Item = ModuleId> + use<> {
        (0..self.modules.len()).map(ModuleId)
    }

    /// The module `id`.
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.0]
    }

    /// The entity `id`.
    pub fn entity(&self, id: EntityId) -> &Entity {
        &self.entities[id.0]
    }

    /// Everything in the schema, what is built in first, then in the order of definition.
    pub fn entities(&self) -> impl Iterator<Item = (EntityId, &Entity)> {
        self.entities.iter().enumerate().map(|(index, entity)| (EntityId(index), entity))
    }

    /// The entities in the order of the modules, and in a module in the order of definition.
    pub fn in_modules(&self) -> impl Iterator<Item = (EntityId, &Entity)> {
        self.modules.iter().flat_map(|module| &module.items).filter_map(|item| match item {
            ModuleItem::Entity(id) => Some((*id, self.entity(*id))),
            ModuleItem::Include(_) => None,
        })
    }

    /// The entities of one module, in order.
    pub fn in_module(&self, id: ModuleId) -> impl Iterator<Item = (EntityId, &Entity)> {
        self.module(id).items.iter().filter_map(|item| match item {
            ModuleItem::Entity(id) => Some((*id, self.entity(*id))),
            ModuleItem::Include(_) => None,
        })
    }

    /// The entity called `name`.
    pub fn lookup(&self, name: &str) -> Option<EntityId> {
        self.names.get(name).copied()
    }

    /// The object type `id`; none for anything else.
    pub fn object(&self, id: EntityId) -> Option<&Object> {
        match &self.entity(id).kind {
            EntityKind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The members of the object type `id`, those of its bases first.
    pub fn all_members(&self, id: EntityId) -> Vec<&Member> {
        let mut chain = Vec::new();
        let mut next = Some(id);
        while let Some(object) = next.and_then(|id| self.object(id)) {
            chain.push(object);
            next = object.base;
        }
        chain.iter().rev().flat_map(|object| &object.members).collect()
    }

    /// Every documentation block, free-form ones among them, in the order of reading.
    pub fn documentation(&self) -> &[Documentation] {
        &self.documentation
    }

    /// The documentation of `entity`.
    pub fn documentation_of(&self, entity: &Entity) -> Option<&Documentation> {
        self.documentation.get(entity.documentation?)
    }
}

impl Entity {
    /// The word of the language that defines such an entity; none for what is built in, arrays and implicit
    /// objects.
    pub fn meta(&self) -> Option<Meta> {
        match &self.kind {
            EntityKind::BuiltIn(_) | EntityKind::Array(_) => None,
            EntityKind::Enum(_) => self.span.map(|_| Meta::Enum),
            EntityKind::Object(object) => match object.origin {
                Origin::Struct => Some(Meta::Struct),
                Origin::Union => Some(Meta::Union),
                Origin::Arguments | Origin::Base | Origin::Empty => None,
            },
            EntityKind::Alternate(_) => Some(Meta::Alternate),
            EntityKind::Command(_) => Some(Meta::Command),
            EntityKind::Event(_) => Some(Meta::Event),
        }
    }
}
