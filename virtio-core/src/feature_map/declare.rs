//! The form in which a device crate declares its feature bits.

/// Declares a kind's feature bits: all that a monitor will ever know about them.
///
/// Rows stand in the order of the reference table; monitors list them backwards. A row is the value of the schema's
/// enumeration (`_` if it has none for this bit), the bit, the specification's name and a description. `vhost` lists the
/// bits that a backend of this kind may have besides. A kind without an enumeration leaves out its two types.
///
/// ```
/// use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsSerial, VirtioSerialFeature};
/// use virtio_core::feature_map;
///
/// feature_map! {
///     /// The bits of virtio 1.3, section 5.3.3.
///     pub static FEATURES: VirtioSerialFeature as VirtioDeviceFeaturesOptionsSerial = {
///         Size => 0, "VIRTIO_CONSOLE_F_SIZE", "The console's size is known";
///         Multiport => 1, "VIRTIO_CONSOLE_F_MULTIPORT", "Several ports";
///         EmergWrite => 2, "VIRTIO_CONSOLE_F_EMERG_WRITE", "Single characters can be written without a queue";
///     }
/// }
/// ```
///
/// The build fails, and says which value or bit it is about, if a value of the enumeration has no row:
/// ```compile_fail
/// # use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsSerial, VirtioSerialFeature};
/// # use virtio_core::feature_map;
/// feature_map! {
///     /// The bits of virtio 1.3, section 5.3.3.
///     pub static FEATURES: VirtioSerialFeature as VirtioDeviceFeaturesOptionsSerial = {
///         Size => 0, "VIRTIO_CONSOLE_F_SIZE", "The console's size is known";
///         Multiport => 1, "VIRTIO_CONSOLE_F_MULTIPORT", "Several ports";
///     }
/// }
/// ```
///
/// or two; if a bit stands twice:
/// ```compile_fail
/// # use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsSerial, VirtioSerialFeature};
/// # use virtio_core::feature_map;
/// feature_map! {
///     /// The bits of virtio 1.3, section 5.3.3.
///     pub static FEATURES: VirtioSerialFeature as VirtioDeviceFeaturesOptionsSerial = {
///         Size => 0, "VIRTIO_CONSOLE_F_SIZE", "The console's size is known";
///         Multiport => 1, "VIRTIO_CONSOLE_F_MULTIPORT", "Several ports";
///         EmergWrite => 1, "VIRTIO_CONSOLE_F_EMERG_WRITE", "Single characters can be written without a queue";
///     }
/// }
/// ```
///
/// or if a bit is not a device's (0 to 23 and 50 to 127):
/// ```compile_fail
/// # use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsSerial, VirtioSerialFeature};
/// # use virtio_core::feature_map;
/// feature_map! {
///     /// The bits of virtio 1.3, section 5.3.3.
///     pub static FEATURES: VirtioSerialFeature as VirtioDeviceFeaturesOptionsSerial = {
///         Size => 0, "VIRTIO_CONSOLE_F_SIZE", "The console's size is known";
///         Multiport => 1, "VIRTIO_CONSOLE_F_MULTIPORT", "Several ports";
///         EmergWrite => 24, "VIRTIO_CONSOLE_F_EMERG_WRITE", "Single characters can be written without a queue";
///     }
/// }
/// ```
#[macro_export]
macro_rules! feature_map {
    (
        $(#[$attribute:meta])*
        $visibility:vis static $map:ident: $feature:ident as $options:ident = {
            $($value:tt => $bit:literal, $name:literal, $description:literal;)*
        }
        $(vhost [$($vhost:ident),* $(,)?])?
    ) => {
        $(#[$attribute])*
        $visibility static $map: $crate::feature_map::FeatureMap<$feature> = {
            const ROWS: &[$crate::feature_map::FeatureRow<$feature>] =
                &[$($crate::feature_map!(@row $feature $value $bit $name $description)),*];
            const _: () = {
                $crate::feature_map::check::device_bits(ROWS);
                let mut number = 0;
                while number < <$feature>::ALL.len() {
                    let mut rows = 0;
                    $(rows += $crate::feature_map!(@is $feature $value number);)*
                    $crate::feature_map::check::one_row(rows, <$feature>::ALL[number].as_str());
                    number += 1;
                }
            };
            $crate::feature_map::FeatureMap::new(
                ROWS,
                &[$($($crate::feature_map::$vhost),*)?],
                |_, features| $options { features }.into(),
            )
        };
    };
    (
        $(#[$attribute:meta])*
        $visibility:vis static $map:ident = {
            $($value:tt => $bit:literal, $name:literal, $description:literal;)*
        }
        $(vhost [$($vhost:ident),* $(,)?])?
    ) => {
        $(#[$attribute])*
        $visibility static $map: $crate::feature_map::FeatureMap<$crate::feature_map::NoFeature> = {
            const ROWS: &[$crate::feature_map::FeatureRow<$crate::feature_map::NoFeature>] =
                &[$($crate::feature_map!(@row NoFeature $value $bit $name $description)),*];
            const _: () = $crate::feature_map::check::device_bits(ROWS);
            $crate::feature_map::FeatureMap::new(
                ROWS,
                &[$($($crate::feature_map::$vhost),*)?],
                $crate::feature_map::empty_branch,
            )
        };
    };
    (@row $feature:ident $value:tt $bit:literal $name:literal $description:literal) => {
        $crate::feature_map::FeatureRow {
            value: $crate::feature_map!(@value $feature $value),
            text: $crate::feature_map::FeatureText { bit: $bit, name: $name, description: $description },
        }
    };
    (@value $feature:ident _) => { None };
    (@value $feature:ident $value:ident) => { Some($feature::$value) };
    // 1 if the row's value is number `$number` of the enumeration.
    (@is $feature:ident _ $number:ident) => { 0 };
    (@is $feature:ident $value:ident $number:ident) => { ($feature::$value as usize == $number) as u32 };
}
