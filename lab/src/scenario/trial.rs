//! Everything that `--scenario` can name.

use clap::ValueEnum as _;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::Scenario;
use crate::families::{FAMILIES, Family};
use crate::monitor::Monitor;

/// One of a guest's scenarios.
#[derive(Clone, Copy)]
pub(crate) enum Trial {
    /// One that concerns every guest.
    General(Scenario),
    /// That of a family of devices.
    Family(&'static Family),
}

impl Trial {
    /// All of them, in the order in which they run.
    pub(crate) fn all() -> Vec<Self> {
        // Those after which the guest is another one come last.
        let lasting = |scenario: &Scenario| {
            !matches!(scenario, Scenario::Reboot | Scenario::Reset | Scenario::PowerOff)
        };
        let general = |endings: bool| {
            Scenario::ALL.into_iter().filter(move |scenario| lasting(scenario) != endings).map(Self::General)
        };
        let families = FAMILIES.iter().map(Self::Family);
        general(false).chain(families).chain(general(true)).collect()
    }

    /// It is tried on the guests of this monitor.
    pub(crate) fn is_for(self, monitor: Monitor) -> bool {
        match self {
            Self::General(scenario) => monitor.is_ringscope() || !scenario.is_for_ours_alone(),
            Self::Family(_) => monitor.is_ringscope(),
        }
    }

    /// What it is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::General(scenario) => scenario.name(),
            Self::Family(family) => family.name,
        }
    }

    /// The family of devices that it is about.
    pub(crate) fn family(self) -> Option<&'static Family> {
        match self {
            Self::General(_) => None,
            Self::Family(family) => Some(family),
        }
    }
}

/// Reads the value of `--scenario`.
pub(crate) fn parser() -> impl TypedValueParser<Value = Trial> {
    let value = |trial: Trial| match trial {
        Trial::General(scenario) => scenario.to_possible_value().unwrap_or_else(|| trial.name().into()),
        Trial::Family(family) => PossibleValue::new(family.name).help(family.summary),
    };
    let known = PossibleValuesParser::new(Trial::all().into_iter().map(value));
    known.try_map(|name| {
        let named = Trial::all().into_iter().find(|trial| trial.name() == name);
        named.ok_or_else(|| format!("there is no scenario {name}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_has_a_name_of_its_own_and_is_found_by_it() {
        let mut names: Vec<_> = Trial::all().into_iter().map(Trial::name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!((names.len(), count), (count, Scenario::ALL.len() + FAMILIES.len()));
        let command = || clap::Command::new("lab").arg(clap::Arg::new("scenario").value_parser(parser()));
        for name in names {
            let matches = command().try_get_matches_from(["lab", name]).unwrap();
            assert_eq!(matches.get_one::<Trial>("scenario").unwrap().name(), name);
        }
        assert!(command().try_get_matches_from(["lab", "floppy"]).is_err());
    }
}
