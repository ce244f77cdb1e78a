//! The targets of the device and their units. Queues look without a lock; whoever changes something waits for others
//! who do.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use crate::address::UnitAddress;
use crate::disk::Disk;

type Map = BTreeMap<UnitAddress, Arc<Disk>>;

/// All units.
#[derive(Debug, Default)]
pub(crate) struct Units {
    map: ArcSwap<Map>,
    changing: Mutex<()>,
}

/// What stands at an address.
#[derive(Debug)]
pub(crate) enum Found {
    Disk(Arc<Disk>),
    /// The target has other units.
    NoUnit,
    NoTarget,
}

impl Units {
    /// Who answers at an address.
    pub(crate) fn find(&self, address: UnitAddress) -> Found {
        let map = self.map.load();
        match map.get(&address) {
            Some(disk) => Found::Disk(Arc::clone(disk)),
            None if units_of(&map, address.target).next().is_some() => Found::NoUnit,
            None => Found::NoTarget,
        }
    }

    /// All disks, by target and unit.
    pub(crate) fn all(&self) -> Vec<Arc<Disk>> {
        self.map.load().values().cloned().collect()
    }

    /// The disks of a target.
    pub(crate) fn of_target(&self, target: u8) -> Vec<Arc<Disk>> {
        units_of(&self.map.load(), target).cloned().collect()
    }

    /// Puts on the bus what `make` makes, which sees the disks that there are.
    ///
    /// # Errors
    /// Those of `make`.
    pub(crate) fn insert<E>(&self, make: impl FnOnce(&Map) -> Result<Disk, E>) -> Result<Arc<Disk>, E> {
        let _only = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut map = Map::clone(&self.map.load());
        let disk = Arc::new(make(&map)?);
        map.insert(disk.address, Arc::clone(&disk));
        self.map.store(Arc::new(map));
        Ok(disk)
    }

    /// Takes the disk with this path off the bus.
    pub(crate) fn remove(&self, path: &str) -> Option<Arc<Disk>> {
        let _only = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut map = Map::clone(&self.map.load());
        let address = map.values().find(|disk| disk.name.path == path)?.address;
        let removed = map.remove(&address);
        self.map.store(Arc::new(map));
        removed
    }
}

fn units_of(map: &Map, target: u8) -> impl Iterator<Item = &Arc<Disk>> {
    let bounds = UnitAddress { target, lun: 0 }..=UnitAddress { target, lun: u16::MAX };
    map.range(bounds).map(|(_, disk)| disk)
}
