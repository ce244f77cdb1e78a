use virtio_core::feature_map;

feature_map! {
    pub static FEATURES = {
        _ => 128, "VIRTIO_FAR_F_AWAY", "Too far";
    }
}

fn main() {}
