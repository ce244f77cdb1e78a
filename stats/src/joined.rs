//! One object for which two count.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use qapi_schema::runtime::Error;

use crate::{Descriptors, Source};

/// Two sources that count for the same object as one: it has the statistics of both, those of the first one first.
pub struct Joined {
    first: Arc<dyn Source>,
    second: Arc<dyn Source>,
    table: OnceLock<Arc<Descriptors>>,
}

impl Joined {
    /// The sources as one; nothing is read of them yet.
    pub fn new(first: Arc<dyn Source>, second: Arc<dyn Source>) -> Self {
        Self { first, second, table: OnceLock::new() }
    }
}

impl Source for Joined {
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
        if let Some(table) = self.table.get() {
            return Ok(table);
        }
        let table = joined(self.first.descriptors()?, self.second.descriptors()?);
        Ok(self.table.get_or_init(|| table))
    }

    fn read(&self, values: &mut [u64]) -> Result<(), Error> {
        let middle = self.first.descriptors()?.value_count().min(values.len());
        let (first, second) = values.split_at_mut(middle);
        self.first.read(first)?;
        self.second.read(second)
    }
}

/// Two tables, and what they are together, as long as somebody has it.
struct Known {
    parts: [Weak<Descriptors>; 2],
    joined: Weak<Descriptors>,
}

/// The tables that were joined. No thread that counts comes here, and queries do only once for each object.
static KNOWN: Mutex<Vec<Known>> = Mutex::new(Vec::new());

/// The table of both, which objects with the same two tables share.
fn joined(first: &Arc<Descriptors>, second: &Arc<Descriptors>) -> Arc<Descriptors> {
    let parts = [Arc::downgrade(first), Arc::downgrade(second)];
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.retain(|known| known.joined.strong_count() > 0);
    let same = |known: &&Known| known.parts.iter().zip(&parts).all(|(known, part)| known.ptr_eq(part));
    if let Some(joined) = known.iter().find(same).and_then(|known| known.joined.upgrade()) {
        return joined;
    }
    let joined = Descriptors::new([first, second].into_iter().flat_map(|part| part.as_slice()).cloned());
    known.push(Known { parts, joined: Arc::downgrade(&joined) });
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_source::TestSource;
    use crate::{Descriptor, Object, Registry};
    use qapi_schema::runtime::{Reply, Style};
    use qapi_schema::statistics::{StatisticsFilter, StatisticsProvider, StatisticsTarget};

    fn tables() -> [Arc<Descriptors>; 2] {
        let requests = Descriptor::cumulative("requests", "");
        let times = Descriptor::log2_histogram("times", 3, "");
        [Descriptors::new([requests, times]), Descriptors::new([Descriptor::instant("held-back", "")])]
    }

    #[test]
    fn an_object_has_the_statistics_of_both_in_one_entry() {
        let [first, second] = tables();
        let (first, second) = (TestSource::new(&first, &[1, 2, 3, 4]), TestSource::new(&second, &[5]));
        let (registry, device) = (Registry::new(), StatisticsTarget::Device);
        let object = Object::new(StatisticsProvider::Virtio, device).path("/a");
        registry.add(object, Arc::new(Joined::new(first, Arc::clone(&second) as _))).keep();
        let told = |names: Option<&[&str]>| {
            let names = names.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
            let filter = StatisticsFilter { targets: None, providers: None, paths: None, names };
            let mut reply = Reply::new(Style::Line);
            let outcome = registry.write_statistics(&filter, &mut reply);
            let text = String::from_utf8(reply.into_bytes()).unwrap();
            let objects = text.find("\"objects\"").map_or_else(String::new, |place| text[place..].to_owned());
            outcome.map(|()| objects)
        };
        let entry = |statistics: &str| {
            format!(
                "\"objects\": [{{\"provider\": \"virtio\", \"target\": \"device\", \"path\": \"/a\", \"statistics\": [{statistics}]}}]}}"
            )
        };
        let held_back = r#"{"name": "held-back", "value": 5}"#;
        let queues = r#"{"name": "requests", "value": 1}, {"name": "times", "value": [2, 3, 4]}"#;
        assert_eq!(told(None).unwrap(), entry(&format!("{queues}, {held_back}")));
        assert_eq!(told(Some(&["held-back"])).unwrap(), entry(held_back));
        second.set(&[]);
        assert!(told(None).is_err(), "a part that cannot be read is not told as nothing");
    }

    #[test]
    fn objects_with_the_same_tables_share_the_joined_one() {
        let [first, second] = tables();
        let source = |one, other| Joined::new(TestSource::new(one, &[0; 4]), TestSource::new(other, &[0]));
        let address = |source: &Joined| Arc::as_ptr(source.descriptors().unwrap());
        let (one, same, other) = (source(&first, &second), source(&first, &second), source(&second, &first));
        assert_eq!(address(&one), address(&same));
        assert_ne!(address(&one), address(&other));
    }
}
