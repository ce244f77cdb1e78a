//! From the names of statistics to those of metric families. The kernel's names are anything; a family's name is
//! made of lower case letters, digits and '_', ends with its unit, and no other family has it.

use std::collections::HashSet;

use qapi_schema::stats::{StatsType, StatsUnit};

use crate::Descriptor;

/// What the names of samples end with; a family's own name may not, or its samples could be taken for another's.
const SAMPLE_SUFFIXES: [&str; 8] = ["total", "created", "bucket", "count", "sum", "gcount", "gsum", "info"];
/// How names say that they count seconds, which the suffix says already (and scales may make untrue).
const SECONDS: [&str; 10] =
    ["seconds", "second", "secs", "sec", "s", "milliseconds", "ms", "us", "nanoseconds", "ns"];
/// The same for bytes.
const BYTES: [&str; 2] = ["bytes", "byte"];
/// The same for clock cycles.
const CYCLES: [&str; 1] = ["cycles"];

/// The names that are taken.
#[derive(Default)]
pub(super) struct Names {
    taken: HashSet<String>,
}

/// The name of a family.
pub(super) struct FamilyName {
    /// The whole of it.
    pub(super) name: String,
    /// How it ends, if it has a unit.
    pub(super) unit: Option<&'static str>,
}

impl Names {
    /// A name for the family of `descriptor`: `ringscope_PROVIDER_TARGET_STATISTIC_UNIT`, the target left out if it
    /// is called like the provider. If it is taken, the statistic gets a number.
    pub(super) fn claim(&mut self, provider: &str, target: &str, descriptor: &Descriptor) -> FamilyName {
        let unit = descriptor.unit.and_then(suffix);
        let mut stem = format!("ringscope_{}", words(provider).join("_"));
        let statistic = statistic(descriptor);
        for word in words(target).iter().filter(|_| target != provider).chain(&statistic) {
            stem.push('_');
            stem.push_str(word);
        }
        let ending = unit.map(|unit| format!("_{unit}")).unwrap_or_default();
        let mut name = format!("{stem}{ending}");
        let mut number = 2u64;
        while !self.taken.insert(name.clone()) {
            name = format!("{stem}_{number}{ending}");
            number += 1;
        }
        FamilyName { name, unit }
    }
}

/// What a unit is called at the end of a name.
const fn suffix(unit: StatsUnit) -> Option<&'static str> {
    match unit {
        StatsUnit::Bytes => Some("bytes"),
        StatsUnit::Seconds => Some("seconds"),
        StatsUnit::Cycles => Some("cycles"),
        StatsUnit::Boolean => None,
    }
}

/// The words of a statistic's name, without those that only repeat the unit or say what the format says.
fn statistic(descriptor: &Descriptor) -> Vec<String> {
    let mut words = words(&descriptor.name);
    let said: &[&str] = match descriptor.unit {
        Some(StatsUnit::Seconds) => &SECONDS,
        Some(StatsUnit::Bytes) => &BYTES,
        Some(StatsUnit::Cycles) => &CYCLES,
        Some(StatsUnit::Boolean) | None => &[],
    };
    words.retain(|word| !said.contains(&word.as_str()));
    if descriptor.kind == StatsType::Cumulative && words.last().is_some_and(|word| word == "total") {
        words.pop();
    }
    let ends_like_a_sample = words.last().is_some_and(|word| SAMPLE_SUFFIXES.contains(&word.as_str()));
    if ends_like_a_sample && descriptor.unit.and_then(suffix).is_none() {
        words.push("value".to_owned());
    }
    words
}

/// What is made of ASCII letters and digits, in lower case.
fn words(name: &str) -> Vec<String> {
    let words = name.split(|character: char| !character.is_ascii_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn claim(names: &mut Names, descriptor: &Descriptor) -> String {
        names.claim("kvm", "vcpu", descriptor).name
    }

    #[test]
    fn names_say_the_unit_once_and_at_the_end() {
        let named = |name, unit| {
            let descriptor = Descriptor { unit, ..Descriptor::cumulative(name, "") };
            claim(&mut Names::default(), &descriptor)
        };
        let seconds = Some(StatsUnit::Seconds);
        let names = [
            named("exits", None),
            named("halt_wait_ns", seconds),
            named("halt_wait_hist", seconds),
            named("bytes-read", Some(StatsUnit::Bytes)),
            named("ns", seconds),
            named("guest_mode", Some(StatsUnit::Boolean)),
            named("requests_total", None),
            named("sum", None),
            named("L1D flush/Größe", None),
            named("###", None),
            named("", None),
        ];
        insta::assert_snapshot!(names.join("\n"), @r"
        ringscope_kvm_vcpu_exits
        ringscope_kvm_vcpu_halt_wait_seconds
        ringscope_kvm_vcpu_halt_wait_hist_seconds
        ringscope_kvm_vcpu_read_bytes
        ringscope_kvm_vcpu_seconds
        ringscope_kvm_vcpu_guest_mode
        ringscope_kvm_vcpu_requests
        ringscope_kvm_vcpu_sum_value
        ringscope_kvm_vcpu_l1d_flush_gr_e
        ringscope_kvm_vcpu
        ringscope_kvm_vcpu
        ");
    }

    #[test]
    fn a_target_that_is_its_provider_is_said_once() {
        let name = Names::default().claim("process", "process", &Descriptor::instant("threads", "")).name;
        assert_eq!(name, "ringscope_process_threads");
    }

    #[test]
    fn what_collides_gets_a_number_before_the_unit() {
        let mut names = Names::default();
        let bytes = |name: &'static str| Descriptor::instant(name, "").unit(StatsUnit::Bytes);
        let claimed = ["a-b", "a.b", "A_B", "a_b_2"].map(|name| claim(&mut names, &bytes(name)));
        insta::assert_snapshot!(claimed.join("\n"), @r"
        ringscope_kvm_vcpu_a_b_bytes
        ringscope_kvm_vcpu_a_b_2_bytes
        ringscope_kvm_vcpu_a_b_3_bytes
        ringscope_kvm_vcpu_a_b_2_2_bytes
        ");
    }

    fn any_descriptor() -> impl Strategy<Value = Descriptor> {
        let units = prop::option::of(prop::sample::select(StatsUnit::ALL.to_vec()));
        let name = prop_oneof!["\\PC{0,6}", "(a_)?(total|sum|count|bucket|ns|bytes)", "[a-b._-]{0,3}"];
        (name, prop::sample::select(StatsType::ALL.to_vec()), units).prop_map(|(name, kind, unit)| {
            Descriptor { name: name.into(), kind, unit, ..Descriptor::instant("", "") }
        })
    }

    proptest! {
        #[test]
        fn whatever_the_kernel_calls_things_names_are_valid_and_no_sample_is_another_familys(
            descriptors in prop::collection::vec(any_descriptor(), 0..30)
        ) {
            let mut names = Names::default();
            let families: Vec<_> = descriptors.iter().map(|each| claim(&mut names, each)).collect();
            let mut all = HashSet::new();
            for family in &families {
                prop_assert!(family.starts_with("ringscope_kvm_vcpu"));
                prop_assert!(family.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')));
                prop_assert!(all.insert(family.clone()), "{family}");
                for suffix in SAMPLE_SUFFIXES {
                    prop_assert!(all.insert(format!("{family}_{suffix}")), "{family}_{suffix}");
                }
            }
        }
    }
}
