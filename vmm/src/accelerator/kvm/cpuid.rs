//! What CPUID tells each vCPU: what KVM supports, and where the vCPU stands. The guest sees one package of as many cores as
//! there are vCPUs, one thread each; the APIC ID of a vCPU is its index.

use kvm_bindings::{CpuId, KVM_CPUID_FLAG_SIGNIFCANT_INDEX, kvm_cpuid_entry2};

/// Leaves: basic features, deterministic cache parameters (Intel's and AMD's), extended topology (versions 1 and 2),
/// extended features (AMD), address sizes and core counts (AMD), processor topology (AMD, both versions).
const VENDOR: u32 = 0;
const FEATURES: u32 = 1;
const CACHES: u32 = 4;
const TOPOLOGY: u32 = 0xb;
const TOPOLOGY_2: u32 = 0x1f;
const AMD_FEATURES: u32 = 0x8000_0001;
const ADDRESS_SIZES: u32 = 0x8000_0008;
const AMD_CACHES: u32 = 0x8000_001d;
const AMD_TOPOLOGY: u32 = 0x8000_001e;
const AMD_TOPOLOGY_2: u32 = 0x8000_0026;

/// Of leaf 1, ECX and EDX.
const X2APIC: u32 = 1 << 21;
const TSC_DEADLINE: u32 = 1 << 24;
const HYPERVISOR: u32 = 1 << 31;
const SEVERAL_LOGICAL_PROCESSORS: u32 = 1 << 28;
/// Of leaf 0x8000_0001, ECX.
const SEVERAL_CORES: u32 = 1 << 1;

/// EBX of leaf 0 of the vendors that have AMD's leaves: "Auth" and "Hygo".
const AMD_VENDORS: [u32; 2] = [u32::from_le_bytes(*b"Auth"), u32::from_le_bytes(*b"Hygo")];

/// A level of cache that the cores share; those below are a core's own.
const SHARED_LEVEL: u32 = 3;

/// The vCPUs of a machine, as CPUID describes them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Topology {
    /// vCPUs, hence cores of the package.
    pub(super) count: u8,
    /// KVM has a timer for the guest's deadlines, which it does not put into CPUID by itself.
    pub(super) has_deadline_timer: bool,
}

impl Topology {
    /// Bits that hold every APIC ID.
    fn bits(self) -> u32 {
        u8::BITS - (self.count - 1).leading_zeros()
    }

    /// Changes what KVM `supports` into what vCPU `index` is told.
    pub(super) fn describe(self, supported: &CpuId, index: u8) -> Result<CpuId, vmm_sys_util::fam::Error> {
        let id = u32::from(index);
        let amd = supported.as_slice().iter().any(|e| e.function == VENDOR && AMD_VENDORS.contains(&e.ebx));
        let mut entries: Vec<_> = supported.as_slice().to_vec();
        entries.retain(|entry| ![TOPOLOGY, TOPOLOGY_2, AMD_TOPOLOGY_2].contains(&entry.function));
        for entry in &mut entries {
            match entry.function {
                FEATURES => self.describe_features(entry, id),
                CACHES => self.describe_cache(entry, (1 << self.bits()) - 1, self.cores_of_caches()),
                AMD_FEATURES if amd => set_flag(&mut entry.ecx, SEVERAL_CORES, self.count > 1),
                ADDRESS_SIZES if amd => {
                    entry.ecx = entry.ecx & !0xf0ff | self.bits() << 12 | (u32::from(self.count) - 1);
                }
                AMD_CACHES => self.describe_cache(entry, u32::from(self.count) - 1, entry.eax & 0xfc00_0000),
                AMD_TOPOLOGY => (entry.eax, entry.ebx, entry.ecx) = (id, id, 0),
                _ => {}
            }
        }
        if entries.iter().any(|entry| entry.function == VENDOR && entry.eax >= TOPOLOGY) {
            entries.extend(self.levels(id));
        }
        CpuId::from_entries(&entries)
    }

    fn describe_features(self, entry: &mut kvm_cpuid_entry2, id: u32) {
        let logical_processors = (1 << self.bits()).min(u32::from(u8::MAX));
        entry.ebx = entry.ebx & 0xffff | logical_processors << 16 | id << 24;
        entry.ecx |= X2APIC | HYPERVISOR;
        set_flag(&mut entry.ecx, TSC_DEADLINE, self.has_deadline_timer);
        set_flag(&mut entry.edx, SEVERAL_LOGICAL_PROCESSORS, self.count > 1);
    }

    /// Intel's leaf of caches has the number of core IDs, less one, in its top bits, of which there are six.
    fn cores_of_caches(self) -> u32 {
        ((1 << self.bits()) - 1_u32).min(0x3f) << 26
    }

    /// `sharing`: how many others use a cache that is shared. `top`: EAX from bit 26 on.
    fn describe_cache(self, entry: &mut kvm_cpuid_entry2, sharing: u32, top: u32) {
        if entry.eax & 0x1f == 0 {
            // Behind the last cache.
            return;
        }
        let level = entry.eax >> 5 & 7;
        let sharing = if level >= SHARED_LEVEL { sharing } else { 0 };
        entry.eax = entry.eax & 0x3fff | sharing << 14 | top;
    }

    /// The extended topology: threads of a core, cores of the package, and the end.
    fn levels(self, id: u32) -> [kvm_cpuid_entry2; 3] {
        let level = |index: u32, kind: u32, bits: u32, count: u32| kvm_cpuid_entry2 {
            function: TOPOLOGY,
            index,
            flags: KVM_CPUID_FLAG_SIGNIFCANT_INDEX,
            eax: bits,
            ebx: count,
            ecx: kind << 8 | index,
            edx: id,
            ..kvm_cpuid_entry2::default()
        };
        [level(0, 1, 0, 1), level(1, 2, self.bits(), self.count.into()), level(2, 0, 0, 0)]
    }
}

/// The bits of a guest-physical address.
pub(super) fn physical_address_bits(supported: &CpuId) -> u32 {
    let sizes = supported.as_slice().iter().find(|entry| entry.function == ADDRESS_SIZES);
    // Without the leaf there are 36 (Intel's manual, volume 3, section 4.1.4).
    sizes.map_or(36, |entry| entry.eax & 0xff)
}

fn set_flag(register: &mut u32, flag: u32, on: bool) {
    *register = if on { *register | flag } else { *register & !flag };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(function: u32, index: u32, registers: [u32; 4]) -> kvm_cpuid_entry2 {
        let [eax, ebx, ecx, edx] = registers;
        kvm_cpuid_entry2 { function, index, eax, ebx, ecx, edx, ..kvm_cpuid_entry2::default() }
    }

    /// The registers of one leaf as `index` of `count` sees it.
    fn seen(supported: &[kvm_cpuid_entry2], count: u8, index: u8, leaf: (u32, u32)) -> [u32; 4] {
        let supported = CpuId::from_entries(supported).unwrap();
        let topology = Topology { count, has_deadline_timer: true };
        let cpuid = topology.describe(&supported, index).unwrap();
        let mut entries = cpuid.as_slice().iter().filter(|entry| (entry.function, entry.index) == leaf);
        let found = entries.next().map(|entry| [entry.eax, entry.ebx, entry.ecx, entry.edx]);
        assert!(entries.next().is_none(), "{leaf:x?} is there twice");
        found.unwrap_or_default()
    }

    fn amd() -> [kvm_cpuid_entry2; 6] {
        [
            entry(0, 0, [0x10, AMD_VENDORS[0], 0, 0]),
            entry(1, 0, [0, 0x7788_08ab, 0, 0xffff_ffff]),
            entry(0xb, 0, [9, 9, 9, 9]),
            entry(0x8000_0008, 0, [0x3028, 0, 0x7007, 0]),
            entry(0x8000_001d, 3, [0x0001_c163, 0, 0, 0]),
            entry(0x8000_001e, 0, [9, 9, 9, 0]),
        ]
    }

    #[test]
    fn every_vcpu_is_told_its_own_number() {
        for index in [0, 4, 5] {
            let id = u32::from(index);
            let features = seen(&amd(), 6, index, (1, 0));
            assert_eq!(features[1], id << 24 | 8 << 16 | 0x08ab);
            assert_eq!(features[2], X2APIC | HYPERVISOR | TSC_DEADLINE);
            assert_eq!(seen(&amd(), 6, index, (0xb, 0)), [0, 1, 0x100, id]);
            assert_eq!(seen(&amd(), 6, index, (0xb, 1)), [3, 6, 0x201, id]);
            assert_eq!(seen(&amd(), 6, index, (0xb, 2)), [0, 0, 2, id]);
            assert_eq!(seen(&amd(), 6, index, (0x8000_001e, 0)), [id, id, 0, 0]);
        }
    }

    #[test]
    fn the_cores_are_counted_as_each_vendor_does() {
        assert_eq!(seen(&amd(), 6, 0, (0x8000_0008, 0))[2], 0x3005);
        assert_eq!(seen(&amd(), 255, 0, (0x8000_0008, 0))[2], 0x80fe);
        assert_eq!(seen(&amd(), 6, 0, (0x8000_001d, 3))[0], 5 << 14 | 0x163);
        let intel = [
            entry(0, 0, [0xa, 0, 0, 0]),
            entry(4, 0, [0x7c00_4121, 0, 0, 0]),
            entry(4, 3, [0x7c07_c163, 0, 0, 0]),
            entry(4, 4, [0, 0, 0, 0]),
        ];
        assert_eq!(seen(&intel, 6, 0, (4, 0))[0], 7 << 26 | 0x121);
        assert_eq!(seen(&intel, 6, 0, (4, 3))[0], 7 << 26 | 7 << 14 | 0x163);
        assert_eq!(seen(&intel, 255, 0, (4, 3))[0], 0x3f << 26 | 0xff << 14 | 0x163);
        assert_eq!(seen(&intel, 6, 0, (4, 4)), [0; 4], "behind the last cache");
        assert_eq!(seen(&intel, 6, 0, (0xb, 0)), [0; 4], "a processor without the leaf is not given one");
    }

    #[test]
    fn a_single_vcpu_is_no_multiprocessor() {
        let features = seen(&amd(), 1, 0, (1, 0));
        assert_eq!(features[1] >> 16, 1);
        assert_eq!(features[3] & SEVERAL_LOGICAL_PROCESSORS, 0);
        assert_eq!(seen(&amd(), 1, 0, (0xb, 1)), [0, 1, 0x201, 0]);
    }

    #[test]
    fn address_bits_have_the_architectures_default() {
        assert_eq!(physical_address_bits(&CpuId::from_entries(&amd()).unwrap()), 0x28);
        assert_eq!(physical_address_bits(&CpuId::from_entries(&[]).unwrap()), 36);
    }
}
