//! Cipher accelerator (virtio 1.3, 5.9.3).

use qapi_schema::virtio_debug::{VirtioCryptoFeature, VirtioDeviceFeaturesOptionsCrypto, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a cipher accelerator.
    pub static FEATURES: VirtioCryptoFeature as VirtioDeviceFeaturesOptionsCrypto = {
        Revision1 => 0, "VIRTIO_CRYPTO_F_REVISION_1", "Requests have the layout of revision 1, which can do without sessions";
        CipherStatelessMode => 1, "VIRTIO_CRYPTO_F_CIPHER_STATELESS_MODE", "Ciphers can be used without a session";
        HashStatelessMode => 2, "VIRTIO_CRYPTO_F_HASH_STATELESS_MODE", "Hashes can be used without a session";
        MacStatelessMode => 3, "VIRTIO_CRYPTO_F_MAC_STATELESS_MODE", "Message authentication codes can be used without a session";
        AeadStatelessMode => 4, "VIRTIO_CRYPTO_F_AEAD_STATELESS_MODE", "Authenticated encryption can be used without a session";
        AkcipherStatelessMode => 5, "VIRTIO_CRYPTO_F_AKCIPHER_STATELESS_MODE", "Asymmetric ciphers can be used without a session";
    }
    vhost [VHOST_LOG_ALL]
}

/// A cipher accelerator.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 20, name: "virtio-crypto", schema_type: VirtioType::VirtioCrypto, features: &FEATURES };
