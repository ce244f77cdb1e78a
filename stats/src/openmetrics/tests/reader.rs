//! Reads OpenMetrics back, and is strict about it: the other side of the specification.

use std::collections::{BTreeMap, BTreeSet};

/// A family as it was read.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Family {
    pub(super) kind: String,
    pub(super) unit: Option<String>,
    pub(super) help: String,
    /// Name's suffix, labels and value.
    pub(super) samples: Vec<(String, BTreeMap<String, String>, f64)>,
}

/// The families by name, or what is wrong with the text.
pub(super) fn read(text: &str) -> Result<BTreeMap<String, Family>, String> {
    let body = text.strip_suffix("# EOF\n").ok_or("no end")?;
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    let mut current = String::new();
    let mut series = BTreeSet::new();
    for line in body.split_terminator('\n') {
        let wrong = |what: &str| format!("{what}: {line}");
        if let Some(comment) = line.strip_prefix("# ") {
            let (keyword, rest) = comment.split_once(' ').ok_or_else(|| wrong("no name"))?;
            let (name, value) = rest.split_once(' ').ok_or_else(|| wrong("no value"))?;
            if keyword == "TYPE" {
                check_name(name).ok_or_else(|| wrong("name"))?;
                let family = Family { kind: value.to_owned(), ..Family::default() };
                if families.insert(name.to_owned(), family).is_some() {
                    return Err(wrong("twice"));
                }
                current = name.to_owned();
            }
            let family =
                families.get_mut(name).filter(|_| name == current).ok_or_else(|| wrong("scattered"))?;
            match keyword {
                "TYPE" => {}
                "UNIT" if name.ends_with(&format!("_{value}")) => family.unit = Some(value.to_owned()),
                "HELP" => family.help = unescape(value).ok_or_else(|| wrong("escape"))?,
                _ => return Err(wrong("keyword")),
            }
            continue;
        }
        let (name, labels, value) = sample(line).ok_or_else(|| wrong("sample"))?;
        let suffix = name.strip_prefix(&current).ok_or_else(|| wrong("not of this family"))?;
        let family = families.get_mut(&current).ok_or_else(|| wrong("no family"))?;
        let fits = match family.kind.as_str() {
            "counter" => suffix == "_total",
            "gauge" => suffix.is_empty(),
            "histogram" => match suffix {
                "_bucket" => labels.contains_key("le"),
                "_count" | "_sum" => !labels.contains_key("le"),
                _ => false,
            },
            _ => false,
        };
        if !fits || !series.insert((name.clone(), labels.clone())) {
            return Err(wrong("not a sample of this family, or twice"));
        }
        family.samples.push((suffix.to_owned(), labels, value));
    }
    families.values().try_for_each(check_buckets)?;
    Ok(families)
}

fn check_name(name: &str) -> Option<()> {
    let valid = |character: char| character.is_ascii_alphanumeric() || character == '_';
    (name.starts_with(|character: char| character.is_ascii_alphabetic()) && name.chars().all(valid))
        .then_some(())
}

/// Limits grow, counts do not fall, and the last limit is infinite. Sum and count, the last bucket's, come together.
fn check_buckets(family: &Family) -> Result<(), String> {
    if family.kind != "histogram" {
        return Ok(());
    }
    #[derive(Default)]
    struct Histogram<'a> {
        buckets: Vec<(f64, f64)>,
        others: BTreeMap<&'a str, f64>,
    }
    let mut histograms: BTreeMap<_, Histogram<'_>> = BTreeMap::new();
    for (suffix, labels, value) in &family.samples {
        let mut labels = labels.clone();
        let limit = labels.remove("le");
        let Histogram { buckets, others } = histograms.entry(labels).or_default();
        match limit {
            Some(limit) => buckets.push((number(&limit).ok_or("limit")?, *value)),
            None => drop(others.insert(suffix, *value)),
        }
    }
    for Histogram { buckets, others } in histograms.values() {
        let grows = buckets.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1);
        let last = buckets.last().ok_or("no bucket")?;
        let paired = match (others.get("_count"), others.get("_sum")) {
            (Some(count), Some(_)) => *count == last.1,
            (None, None) => true,
            _ => false,
        };
        if !grows || last.0 != f64::INFINITY || !paired {
            return Err(format!("{buckets:?} {others:?}"));
        }
    }
    Ok(())
}

type Labels = BTreeMap<String, String>;

fn sample(line: &str) -> Option<(String, Labels, f64)> {
    let end = line.find(['{', ' '])?;
    let (name, mut rest) = line.split_at(end);
    check_name(name)?;
    let mut labels = BTreeMap::new();
    if let Some(mut inside) = rest.strip_prefix('{') {
        loop {
            let (label, value) = inside.split_once("=\"")?;
            check_name(label)?;
            let end = closing_quote(value)?;
            if labels.insert(label.to_owned(), unescape(&value[..end])?).is_some() {
                return None;
            }
            inside = &value[end + 1..];
            match inside.strip_prefix(',') {
                Some(more) => inside = more,
                None => break,
            }
        }
        rest = inside.strip_prefix('}')?;
    }
    Some((name.to_owned(), labels, number(rest.strip_prefix(' ')?)?))
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, character)| {
        let found = character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        found.then_some(at)
    })
}

fn unescape(text: &str) -> Option<String> {
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '\\' => match characters.next()? {
                'n' => '\n',
                escaped @ ('\\' | '"') => escaped,
                _ => return None,
            },
            '"' => return None,
            other => other,
        });
    }
    Some(plain)
}

fn number(text: &str) -> Option<f64> {
    if text == "+Inf" {
        return Some(f64::INFINITY);
    }
    text.starts_with(|character: char| character.is_ascii_digit()).then(|| text.parse().ok())?
}
