use super::table::{Table, change, mebibytes, signed, thousands, time};
use super::{Flow, ProcessMemory, Profile, Profiles};
use crate::heap::GenerationStats;
use std::time::Duration;

fn profile(label: &str) -> Profile {
    let young = GenerationStats {
        collections: 3,
        collected: 1_000,
        duration: Duration::from_micros(120),
        ..GenerationStats::ZERO
    };
    let old = GenerationStats {
        collections: 1,
        collected: 20,
        duration: Duration::from_micros(30),
        ..GenerationStats::ZERO
    };
    let memory = |resident, virtual_size| Some(ProcessMemory { resident, virtual_size });
    Profile {
        label: label.into(),
        objects: Flow { allocated: 1_234_567, freed: 1_020 },
        bytes: Flow { allocated: 56, freed: 65_592 },
        generations: [young, GenerationStats::ZERO, old],
        duration: Duration::from_millis(12),
        memory_before: memory(10 << 20, 100 << 20),
        memory_after: memory((12 << 20) + (1 << 18), 90 << 20),
    }
}

#[test]
fn a_profile_is_a_table() {
    let expected = "\
build: 12.0ms
            allocated      freed      alive
objects     1,234,567      1,020  1,233,547
bytes              56     65,592    -65,536
          collections  collected       time
young               3      1,000    120.0µs
middle              0          0          0
old                 1         20     30.0µs
               before      after     change
resident     10.0 MiB   12.2 MiB   +2.2 MiB
virtual     100.0 MiB   90.0 MiB  -10.0 MiB";
    assert_eq!(profile("build").to_string(), expected);
}

#[test]
fn what_the_system_does_not_tell_is_left_out() {
    let unknown = Profile { memory_before: None, ..profile("build") };
    let shown = unknown.to_string();
    assert!(!shown.contains("resident") && shown.ends_with("30.0µs"), "{shown}");
    let row = Profiles::from(vec![unknown]).to_string();
    assert!(row.ends_with("150.0µs            12.0ms"), "{row}");
}

#[test]
fn several_are_one_table() {
    let profiles: Profiles = ["build", "a longer name"].map(profile).into_iter().collect();
    let shown = profiles.to_string();
    let expected = [
        "                 objects                        bytes                   collections                      resident",
        "scope          allocated  freed      alive  allocated   freed    alive         runs  collected     time    change    time",
        "build          1,234,567  1,020  1,233,547         56  65,592  -65,536            4      1,020  150.0µs  +2.2 MiB  12.0ms",
        "a longer name  1,234,567  1,020  1,233,547         56  65,592  -65,536            4      1,020  150.0µs  +2.2 MiB  12.0ms",
    ];
    assert_eq!(shown.lines().collect::<Vec<_>>(), expected);
    assert_eq!(Profiles::default().to_string().lines().count(), 2);
}

#[test]
fn numbers_have_separators_units_and_signs() {
    let shown = [0, 999, 1_000, 12_345, 1_000_000].map(thousands);
    assert_eq!(shown, ["0", "999", "1,000", "12,345", "1,000,000"]);
    assert_eq!(thousands(usize::MAX).replace(',', ""), usize::MAX.to_string());
    assert_eq!(signed(Flow { allocated: 0, freed: 1_000 }), "-1,000");
    assert_eq!(signed(Flow { allocated: 1, freed: 1 }), "0");
    assert_eq!((mebibytes(0), mebibytes(1 << 19)), ("0.0 MiB".into(), "0.5 MiB".into()));
    assert_eq!((change(1 << 20, 0), change(0, 1 << 20)), ("-1.0 MiB".into(), "+1.0 MiB".into()));
    assert_eq!(
        (time(Duration::ZERO), time(Duration::from_nanos(1_500))),
        ("0".into(), "1.5µs".into())
    );
}

#[test]
fn a_table_without_rows_is_empty() {
    assert_eq!(Table::<3>::new().to_string(), "");
}
