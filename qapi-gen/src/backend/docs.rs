//! The reference in Markdown: a page a module, with an entry for every command, event and type.

use std::collections::HashMap;
use std::fmt::Write;

use super::OutputFile;
use super::markdown::{inline, markdown};
use crate::condition::Condition;
use crate::documentation::{Description, Documentation, SectionKind};
use crate::schema::{
    Branch, Entity, EntityId, EntityKind, Feature, Member, Module, ModuleId, Object, Origin, Schema,
};

/// The pages, `index.md` first.
pub fn docs(schema: &Schema) -> Vec<OutputFile> {
    let pages = Pages::new(schema);
    let mut files = vec![OutputFile { path: "index.md".to_owned(), text: pages.index() }];
    for id in schema.module_ids() {
        let text = pages.page(id);
        if let Some(path) = pages.paths.get(&id).filter(|_| !text.is_empty()) {
            files.push(OutputFile { path: path.clone(), text });
        }
    }
    files
}

struct Pages<'s> {
    schema: &'s Schema,
    paths: HashMap<ModuleId, String>,
    /// Free-form blocks by the module that they stand in, with their place in its file.
    free: HashMap<String, Vec<(usize, &'s Documentation)>>,
}

impl<'s> Pages<'s> {
    fn new(schema: &'s Schema) -> Self {
        let mut paths = HashMap::new();
        for id in schema.module_ids() {
            let name = schema.module(id).name.trim_start_matches("./").replace("../", "");
            let stem = name.strip_suffix(".json").unwrap_or(&name).replace('/', "-");
            let taken =
                |path: &String, paths: &HashMap<ModuleId, String>| paths.values().any(|other| other == path);
            let mut path = format!("{stem}.md");
            while path == "index.md" || taken(&path, &paths) {
                path.insert(0, '_');
            }
            paths.insert(id, path);
        }
        let mut free: HashMap<String, Vec<(usize, &Documentation)>> = HashMap::new();
        for block in schema.documentation().iter().filter(|block| block.symbol.is_none()) {
            let file = schema.sources().file(block.span.file).name.clone();
            free.entry(file).or_default().push((block.span.start, block));
        }
        Self { schema, paths, free }
    }

    fn index(&self) -> String {
        let mut text = "# Reference\n\n".to_owned();
        for id in self.schema.module_ids() {
            let entries = self.documented(id);
            let Some(path) = self.paths.get(&id).filter(|_| !entries.is_empty()) else { continue };
            let _ = writeln!(text, "## [{}]({path})\n", self.schema.module(id).name);
            for (kind, wanted) in [("Commands", "command"), ("Events", "event"), ("Types", "type")] {
                let names: Vec<String> = entries
                    .iter()
                    .filter(|(_, entity)| sort(entity) == wanted)
                    .map(|(id, _)| self.link(*id))
                    .collect();
                if !names.is_empty() {
                    let _ = writeln!(text, "{kind}: {}\n", names.join(", "));
                }
            }
        }
        text
    }

    /// What has an entry: everything that somebody defined.
    fn documented(&self, id: ModuleId) -> Vec<(EntityId, &'s Entity)> {
        let is_used = |id| self.schema.entities().any(|(other, _)| self.schema.uses(other).contains(&id));
        let is_shown = |(id, entity): &(EntityId, &Entity)| {
            entity.meta().is_some() || matches!(entity.kind, EntityKind::Enum(_)) && is_used(*id)
        };
        self.schema.in_module(id).filter(is_shown).collect()
    }

    fn page(&self, id: ModuleId) -> String {
        let entries = self.documented(id);
        let free = self.free_blocks(self.schema.module(id), &entries);
        if entries.is_empty() && free.is_empty() {
            return String::new();
        }
        let mut parts: Vec<(usize, String)> = free;
        for (id, entity) in entries {
            let place = entity.span.map_or(0, |span| span.start);
            parts.push((place, self.entry(id, entity)));
        }
        parts.sort_by_key(|(place, _)| *place);
        let texts: Vec<String> = parts.into_iter().map(|(_, text)| text.trim_end().to_owned()).collect();
        let mut page = texts.join("\n\n");
        page.push('\n');
        page
    }

    /// The free-form blocks of a module's file.
    fn free_blocks(&self, module: &Module, entries: &[(EntityId, &Entity)]) -> Vec<(usize, String)> {
        let sources = self.schema.sources();
        let by_entry =
            entries.iter().find_map(|(_, entity)| entity.span).map(|span| &sources.file(span.file).name);
        let by_name = sources.files().map(|file| &file.name).find(|name| name.ends_with(&module.name));
        let blocks = by_entry.or(by_name).and_then(|file| self.free.get(file));
        let shown = |(place, block): &(usize, &Documentation)| (*place, free_form(&block.body));
        blocks.into_iter().flatten().map(shown).collect()
    }

    fn link(&self, id: EntityId) -> String {
        let entity = self.schema.entity(id);
        match &entity.kind {
            EntityKind::BuiltIn(_) => format!("`{}`", entity.name),
            EntityKind::Array(element) => format!("array of {}", self.link(*element)),
            _ => {
                let page = self.paths.get(&entity.module).map_or("", String::as_str);
                format!("[`{}`]({page}#{})", entity.name, anchor(entity))
            }
        }
    }

    fn entry(&self, id: EntityId, entity: &Entity) -> String {
        let block = self.schema.documentation_of(entity);
        let mut text = String::new();
        let meta = entity.meta().map_or("enum", |meta| meta.as_str());
        let _ = writeln!(text, "<a id=\"{}\"></a>\n\n### `{}` ({meta})\n", anchor(entity), entity.name);
        if let Some(block) = block.filter(|block| !block.body.is_empty()) {
            let _ = writeln!(text, "{}\n", markdown(&block.body));
        }
        self.condition(&mut text, entity.condition.as_ref());
        self.parts(&mut text, id, entity, block);
        features(&mut text, &entity.features, block);
        sections(&mut text, block);
        text
    }

    fn condition(&self, text: &mut String, condition: Option<&Condition>) {
        if let Some(condition) = condition {
            let _ = writeln!(text, "*If* `{condition}`.\n");
        }
    }

    fn parts(&self, text: &mut String, id: EntityId, entity: &Entity, block: Option<&Documentation>) {
        let described = |name: &str| block.and_then(|block| block.member(name)).unwrap_or("");
        match &entity.kind {
            EntityKind::Enum(of) => {
                for value in &of.values {
                    let extra = extra(value.condition.as_ref(), &value.features);
                    item(text, &format!("`{}`{extra}", value.name), described(&value.name));
                }
                text.push('\n');
            }
            EntityKind::Object(object) => self.object(text, id, object, block),
            EntityKind::Alternate(branches) => {
                for branch in branches {
                    let title = format!("{}{}", self.link(branch.of), extra(branch.condition.as_ref(), &[]));
                    item(text, &title, described(&branch.name));
                }
                text.push('\n');
            }
            EntityKind::Command(command) => {
                self.arguments(text, "Arguments", command.arguments, block);
                if let Some(returns) = command.returns {
                    let _ = writeln!(text, "**Returns** {}\n", self.link(returns));
                }
                let flags = [
                    (command.allow_oob, "may be sent out of band"),
                    (command.allow_preconfig, "may be run before the machine is set up"),
                    (!command.success_response, "sends no answer when it succeeds"),
                ];
                let flags: Vec<&str> =
                    flags.into_iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| flag).collect();
                if !flags.is_empty() {
                    let _ = writeln!(text, "*This command {}.*\n", flags.join(", "));
                }
            }
            EntityKind::Event(event) => self.arguments(text, "Data", event.arguments, block),
            EntityKind::BuiltIn(_) | EntityKind::Array(_) => {}
        }
    }

    fn arguments(&self, text: &mut String, title: &str, id: Option<EntityId>, block: Option<&Documentation>) {
        let Some(id) = id else { return };
        match self.schema.object(id) {
            Some(object) if object.origin == Origin::Arguments => {
                let _ = writeln!(text, "**{title}**\n");
                self.members(text, &object.members, block);
            }
            _ => {
                let _ = writeln!(text, "**{title}**: the members of {}\n", self.link(id));
            }
        }
    }

    fn object(&self, text: &mut String, _id: EntityId, object: &Object, block: Option<&Documentation>) {
        let base = object.base.and_then(|base| Some((base, self.schema.object(base)?)));
        match base {
            Some((_, base)) if base.origin == Origin::Base => self.members(text, &base.members, block),
            Some((id, _)) => {
                let _ = writeln!(text, "The members of {}.\n", self.link(id));
            }
            None => {}
        }
        self.members(text, &object.members, block);
        if let Some(branches) = &object.branches {
            for branch in branches.branches.iter().filter(|branch| branch.explicit) {
                self.branch(text, &branches.discriminator, branch);
            }
            text.push('\n');
        }
    }

    fn branch(&self, text: &mut String, discriminator: &str, branch: &Branch) {
        let extra = extra(branch.condition.as_ref(), &[]);
        let of = self.link(branch.of);
        let _ = writeln!(text, "- where `{discriminator}` is `{}`: the members of {of}{extra}", branch.name);
    }

    fn members(&self, text: &mut String, members: &[Member], block: Option<&Documentation>) {
        for member in members {
            let optional = if member.optional { ", optional" } else { "" };
            let extra = extra(member.condition.as_ref(), &member.features);
            let title = format!("`{}`: {}{optional}{extra}", member.name, self.link(member.of));
            let described = block.and_then(|block| block.member(&member.name)).unwrap_or("");
            item(text, &title, described);
        }
        text.push('\n');
    }
}

fn sort(entity: &Entity) -> &'static str {
    match entity.kind {
        EntityKind::Command(_) => "command",
        EntityKind::Event(_) => "event",
        _ => "type",
    }
}

/// Commands and events are told apart from types by more than case, which some readers of Markdown ignore.
fn anchor(entity: &Entity) -> String {
    format!("{}-{}", sort(entity), entity.name)
}

/// A list item: what it is about, then what is said about it.
fn item(text: &mut String, title: &str, described: &str) {
    let described = markdown(described);
    let mut lines = described.lines();
    match lines.next() {
        Some(first) => {
            let _ = writeln!(text, "- {title}: {first}");
        }
        None => {
            let _ = writeln!(text, "- {title}");
        }
    }
    for line in lines {
        let _ = writeln!(text, "{}{line}", if line.is_empty() { "" } else { "  " });
    }
}

fn extra(condition: Option<&Condition>, features: &[Feature]) -> String {
    let mut extra: String = features.iter().map(|feature| format!(" *({})*", feature.name)).collect();
    if let Some(condition) = condition {
        let _ = write!(extra, " *(if `{condition}`)*");
    }
    extra
}

fn features(text: &mut String, features: &[Feature], block: Option<&Documentation>) {
    let described: Vec<&Description> = block.into_iter().flat_map(|block| block.features.iter()).collect();
    if features.is_empty() && described.is_empty() {
        return;
    }
    text.push_str("**Features**\n\n");
    for feature in &described {
        item(text, &format!("`{}`", feature.name), &feature.text);
    }
    for feature in features.iter().filter(|feature| described.iter().all(|other| other.name != feature.name))
    {
        item(text, &format!("`{}`", feature.name), "");
    }
    text.push('\n');
}

fn sections(text: &mut String, block: Option<&Documentation>) {
    for section in block.iter().flat_map(|block| &block.sections) {
        let shown = markdown(&section.text);
        let _ = match section.kind {
            SectionKind::Plain => writeln!(text, "{shown}\n"),
            SectionKind::Returns => writeln!(text, "**Returned**: {shown}\n"),
            SectionKind::Errors => writeln!(text, "**Errors**\n\n{shown}\n"),
            SectionKind::Since => writeln!(text, "*Since {shown}*\n"),
            SectionKind::Todo => Ok(()),
        };
    }
}

/// A free-form block: its first line may be a heading.
fn free_form(body: &str) -> String {
    let (first, rest) = body.split_once('\n').unwrap_or((body, ""));
    let level = first.chars().take_while(|letter| *letter == '=').count();
    match level {
        0 => format!("{}\n", markdown(body)),
        _ => {
            let title = inline(first.trim_start_matches('=').trim());
            format!("{} {title}\n\n{}\n", "#".repeat(level), markdown(rest.trim_start_matches('\n')))
        }
    }
}
