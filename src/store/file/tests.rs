use super::super::{
    Change, Item, LedgerFault, Sandboxes, Seed, SeedsSince, State, Store, Unwritten,
};
use super::*;
use redb::StorageBackend;
use serde_json::json;
use std::io::{Error, ErrorKind, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const NOW: SystemTime = UNIX_EPOCH;
const IDLE: Duration = Duration::from_secs(60);

/// A disk in memory that can be told to fail.
#[derive(Debug, Clone, Default)]
struct Drive {
    bytes: Arc<Mutex<Vec<u8>>>,
    fault: Arc<AtomicU8>,
    syncs: Arc<AtomicUsize>,
    /// How many of them are sound before they fail.
    sound: Arc<AtomicUsize>,
}

const FULL: u8 = 1;
const UNSYNCED: u8 = 2;
const READ_ONLY: u8 = 3;

impl Drive {
    fn fail(&self, fault: u8) {
        self.fault.store(fault, Ordering::Relaxed);
    }

    fn fails(&self) -> u8 {
        self.fault.load(Ordering::Relaxed)
    }

    fn ledger(&self) -> Result<FileLedger, LedgerFault> {
        let drive = self.clone();
        FileLedger::opened_by("state.db".to_owned(), move |check| {
            let mut builder = Builder::new();
            builder.set_check_integrity_on_open(check == Check::Whole);
            builder.create_with_backend(drive.clone())
        })
        .map_err(|(fault, _)| fault)
    }

    fn sandboxes(&self) -> Sandboxes {
        let ledger = self.ledger().expect("a ledger");
        opened(ledger, seeds(3), "one").0
    }

    fn write_at(&self, offset: u64, data: &[u8]) {
        let mut bytes = self.bytes.lock().expect("not poisoned");
        let offset = offset as usize;
        bytes[offset..offset + data.len()].copy_from_slice(data);
    }
}

impl StorageBackend for Drive {
    fn len(&self) -> Result<u64, Error> {
        Ok(self.bytes.lock().expect("not poisoned").len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), Error> {
        let bytes = self.bytes.lock().expect("not poisoned");
        let from = offset as usize;
        let part = bytes.get(from..from + out.len());
        out.copy_from_slice(part.ok_or_else(|| Error::from(ErrorKind::UnexpectedEof))?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> Result<(), Error> {
        match self.fails() {
            FULL => Err(Error::from(ErrorKind::StorageFull)),
            READ_ONLY => Err(Error::from(ErrorKind::ReadOnlyFilesystem)),
            _ => {
                self.bytes
                    .lock()
                    .expect("not poisoned")
                    .resize(len as usize, 0);
                Ok(())
            }
        }
    }

    fn sync_data(&self) -> Result<(), Error> {
        let before = self.syncs.fetch_add(1, Ordering::Relaxed);
        match self.fails() {
            UNSYNCED if before >= self.sound.load(Ordering::Relaxed) => {
                Err(Error::other("what was written may be on the disk or not"))
            }
            _ => Ok(()),
        }
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), Error> {
        match self.fails() {
            FULL => Err(Error::from(ErrorKind::StorageFull)),
            READ_ONLY => Err(Error::from(ErrorKind::ReadOnlyFilesystem)),
            _ => {
                self.write_at(offset, data);
                Ok(())
            }
        }
    }
}

fn seeds(count: usize) -> Vec<Seed> {
    let item = |n: usize| (n.to_string(), json!({"n": n}));
    let empty = Seed {
        collection: "empty".to_owned(),
        items: Vec::new(),
    };
    let things = Seed {
        collection: "things".to_owned(),
        items: (0..count).map(item).collect(),
    };
    vec![empty, things]
}

fn opened(ledger: FileLedger, seeds: Vec<Seed>, fingerprint: &str) -> (Sandboxes, SeedsSince) {
    let ledger = (Arc::new(ledger) as Arc<dyn Ledger>, "api");
    Sandboxes::kept(ledger, (seeds, fingerprint.to_owned()), NOW, IDLE).expect("kept")
}

fn put(key: &str, n: usize) -> Change {
    Change::Put("things".to_owned(), key.to_owned(), json!({"n": n}))
}

fn remove(key: &str) -> Change {
    Change::Remove("things".to_owned(), key.to_owned())
}

fn bury(key: &str) -> Change {
    Change::Bury("things".to_owned(), key.to_owned())
}

fn make(store: &Store, changes: &[Change]) -> Result<(), Unwritten> {
    let later = NOW + Duration::from_millis(1_700_000_000_123);
    let made: Result<((), Vec<Item>), Unwritten> =
        store.write(later, |_| Ok((changes.to_vec(), ())));
    made.map(|_| ())
}

/// All that can be seen of a store.
fn whole(store: &Store) -> Vec<String> {
    store.read(|state: &State| {
        let mut lines = Vec::new();
        for (name, collection) in state.collections() {
            lines.push(format!("{name} {}", collection.tag()));
            for (key, item) in collection.iter() {
                let Item {
                    value,
                    tag,
                    modified,
                    ..
                } = item;
                lines.push(format!("{name} {key} {value} {tag} {modified:?}"));
            }
            for key in ["0", "1", "2", "b0", "b1"] {
                if collection.is_buried(key) {
                    lines.push(format!("{name} {key} is buried"));
                }
            }
        }
        lines
    })
}

#[test]
fn what_was_written_is_as_it_was_when_the_file_is_opened_again() {
    let drive = Drive::default();
    let tag = crate::wire::EntityTag::strong("shown-before");
    let planted = Item::new(json!({"n": 5}), tag, NOW + IDLE);
    let planted = Change::Plant("things".to_owned(), "planted".to_owned(), planted);
    let steps: [&[Change]; 7] = [
        &[planted],
        &[put("1", 10), put("new", 1), put("newer", 2)],
        &[remove("2"), remove("newer"), put("2", 20)],
        &[bury("0"), bury("b0"), bury("b1")],
        &[
            put("b0", 1),
            Change::Put("a/b".to_owned(), "x".to_owned(), json!([{"y": 1.0}])),
        ],
        &[
            remove("new"),
            Change::Remove("a/b".to_owned(), "x".to_owned()),
        ],
        &[remove("1"), remove("2"), remove("b0")],
    ];
    for changes in steps {
        let all = drive.sandboxes();
        let (a, b) = (
            all.named("a", NOW).expect("a"),
            all.named("b", NOW).expect("b"),
        );
        for store in [all.main(), a.store()] {
            assert_eq!(make(store, changes), Ok(()));
        }
        assert_eq!(make(b.store(), &[put("1", 7)]), Ok(()));
        let shown = [all.main(), a.store(), b.store()].map(whole);
        drop((a, b, all));
        let again = drive.sandboxes();
        let named = |name: &str| again.named(name, NOW).expect("there");
        assert_eq!(whole(again.main()), shown[0]);
        assert_eq!(whole(named("a").store()), shown[1]);
        assert_eq!(whole(named("b").store()), shown[2]);
    }
}

#[test]
fn no_tag_comes_twice_over_resets_and_restarts() {
    let drive = Drive::default();
    let mut tags = std::collections::HashSet::new();
    for _ in 0..4 {
        let all = drive.sandboxes();
        let tag = || {
            all.main()
                .read(|state| state.item("things", "1").map(|item| item.tag.clone()))
        };
        tags.insert(tag());
        assert_eq!(make(all.main(), &[put("1", 10)]), Ok(()));
        assert!(tags.insert(tag()));
        assert_eq!(all.reset(), Ok(()));
        assert!(tags.insert(tag()));
        let again = whole(all.main());
        drop(all);
        assert_eq!(whole(drive.sandboxes().main()), again);
    }
}

#[test]
fn what_an_earlier_reset_brought_back_is_as_it_was_after_a_later_one() {
    let drive = Drive::default();
    let all = drive.sandboxes();
    for changes in [
        &[put("1", 10)][..],
        &[put("2", 20)],
        &[put("new", 1), remove("new")],
    ] {
        assert_eq!(make(all.main(), changes), Ok(()));
        assert_eq!(all.reset(), Ok(()));
    }
    let before = whole(all.main());
    drop(all);
    assert_eq!(whole(drive.sandboxes().main()), before);
}

#[test]
fn a_sandbox_that_went_is_gone_from_the_file_and_one_of_its_name_begins_anew() {
    let drive = Drive::default();
    let all = drive.sandboxes();
    for name in ["a", "b", "c"] {
        let sandbox = all.named(name, NOW).expect("there is room");
        assert_eq!(make(sandbox.store(), &[put("1", 7)]), Ok(()));
    }
    let at_it = all.named("a", NOW).expect("there");
    assert_eq!(all.forget("a"), Ok(true));
    // Who is still at it keeps what they have, and nobody else sees it.
    assert_eq!(make(at_it.store(), &[put("2", 9)]), Ok(()));
    let later = NOW + IDLE;
    assert_eq!(all.expire(later), 2);
    let b = all.named("b", later).expect("there is room");
    assert_eq!(make(b.store(), &[put("2", 8)]), Ok(()));
    let shown = whole(b.store());
    drop((at_it, b, all));
    let again = drive.sandboxes();
    let listed = again.list(NOW).expect("listed").into_iter();
    assert_eq!(listed.map(|status| status.name).collect::<Vec<_>>(), ["b"]);
    assert_eq!(whole(again.named("b", NOW).expect("there").store()), shown);
}

#[test]
fn a_disk_without_room_refuses_writes_and_takes_them_when_there_is_some() {
    for fault in [FULL, READ_ONLY] {
        let drive = Drive::default();
        let all = drive.sandboxes();
        assert_eq!(make(all.main(), &[put("1", 10)]), Ok(()));
        let before = whole(all.main());
        drive.fail(fault);
        for _ in 0..3 {
            let refused = make(all.main(), &[put("1", 11), remove("2")]);
            let Err(Unwritten::Ledger(LedgerFault::NoRoom(why))) = refused else {
                panic!("{refused:?}");
            };
            assert!(why.starts_with("state.db can't be written: "), "{why}");
            assert_eq!(whole(all.main()), before);
            assert!(all.reset().is_err());
            assert_eq!(whole(all.main()), before);
        }
        drive.fail(0);
        assert_eq!(make(all.main(), &[put("2", 12)]), Ok(()));
        let after = whole(all.main());
        drop(all);
        assert_eq!(whole(drive.sandboxes().main()), after);
    }
}

#[test]
fn what_failed_and_is_on_the_disk_after_all_is_undone() {
    for sound in 0..4 {
        let drive = Drive::default();
        let all = drive.sandboxes();
        assert_eq!(make(all.main(), &[put("1", 10), remove("2")]), Ok(()));
        let sandbox = all.named("a", NOW).expect("there is room");
        drive.sound.store(
            drive.syncs.load(Ordering::Relaxed) + sound,
            Ordering::Relaxed,
        );
        drive.fail(UNSYNCED);
        let changes = [put("1", 11), put("2", 11), put("x", 1), bury("0")];
        if make(all.main(), &changes).is_ok() {
            assert!(all.reset().is_err() || make(sandbox.store(), &changes).is_err());
        }
        drive.fail(0);
        assert_eq!(make(all.main(), &[put("y", 12)]), Ok(()));
        let after = [all.main(), sandbox.store()].map(whole);
        drop((sandbox, all));
        let again = drive.sandboxes();
        let sandbox = again.named("a", NOW).expect("there is room");
        assert_eq!([again.main(), sandbox.store()].map(whole), after);
    }
}

#[test]
fn writes_that_wait_for_the_disk_go_to_it_together() {
    let drive = Drive::default();
    let all = drive.sandboxes();
    let before = drive.syncs.load(Ordering::Relaxed);
    std::thread::scope(|scope| {
        for thread in 0..40 {
            let all = &all;
            scope.spawn(move || {
                let sandbox = all
                    .named(&format!("s{}", thread % 4), NOW)
                    .expect("there is room");
                let store = if thread % 5 == 0 {
                    all.main()
                } else {
                    sandbox.store()
                };
                for n in 0..20 {
                    assert_eq!(make(store, &[put(&format!("{thread}-{n}"), n)]), Ok(()));
                }
            });
        }
    });
    let syncs = drive.syncs.load(Ordering::Relaxed) - before;
    assert!(syncs < 800, "{syncs}");
    let listed = all.list(NOW).expect("listed");
    drop(all);
    let again = drive.sandboxes();
    assert_eq!(again.list(NOW).expect("listed"), listed);
    assert_eq!(again.main().changed().0, 8 * 20);
}

#[test]
fn seeds_that_changed_are_told_of_and_the_state_goes_on_until_it_is_reset() {
    let drive = Drive::default();
    let open = |count: usize, fingerprint: &str| {
        opened(drive.ledger().expect("a ledger"), seeds(count), fingerprint)
    };
    let (all, since) = open(3, "one");
    assert_eq!(since, SeedsSince::Planted);
    let sandbox = all.named("a", NOW).expect("there is room");
    assert_eq!(make(all.main(), &[put("1", 10), put("x", 1)]), Ok(()));
    assert_eq!(make(sandbox.store(), &[remove("1")]), Ok(()));
    let shown = whole(all.main());
    drop((sandbox, all));

    assert_eq!(open(3, "one").1, SeedsSince::Unchanged);
    let (all, since) = open(5, "two");
    assert_eq!(since, SeedsSince::Changed);
    assert_eq!(whole(all.main()), shown);
    assert_eq!(make(all.main(), &[put("2", 20)]), Ok(()));
    let shown = whole(all.main());
    drop(all);
    let (all, since) = open(5, "two");
    assert_eq!(since, SeedsSince::Changed);
    assert_eq!(whole(all.main()), shown);

    assert_eq!(all.reset(), Ok(()));
    let count = |store: &Store| store.read(|state| state.collection("things").map(|c| c.len()));
    assert_eq!(count(all.main()), Some(5));
    assert_eq!(all.list(NOW).expect("listed"), []);
    assert_eq!(
        count(all.named("a", NOW).expect("there is room").store()),
        Some(5)
    );
    let fresh = whole(all.main());
    assert!(
        fresh
            .iter()
            .all(|line| !shown.contains(line) || line.starts_with("empty"))
    );
    drop(all);
    let (all, since) = open(5, "two");
    assert_eq!((since, whole(all.main())), (SeedsSince::Unchanged, fresh));
}

#[test]
fn many_seeds_and_several_apis_are_kept_apart() {
    let drive = Drive::default();
    let ledger: Arc<dyn Ledger> = Arc::new(drive.ledger().expect("a ledger"));
    let open = |api: &'static str, count: usize, fingerprint: &str| {
        let seeds = (seeds(count), fingerprint.to_owned());
        Sandboxes::kept((Arc::clone(&ledger), api), seeds, NOW, IDLE).expect("kept")
    };
    let apis = [("a", 2_500), ("a b", 1), ("b", 1_000)];
    let shown = apis.map(|(api, count)| {
        let (all, since) = open(api, count, "one");
        assert_eq!(since, SeedsSince::Planted);
        assert_eq!(make(all.main(), &[put(api, count)]), Ok(()));
        whole(all.main())
    });
    for ((api, _), shown) in apis.into_iter().zip(shown) {
        // Where the seeds are others, those that were kept are read.
        assert!(whole(open(api, 0, "two").0.main()) == shown);
    }
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let name = format!("counterpart-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("state.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn why(path: &Path) -> String {
    match FileLedger::open(path) {
        Ok(ledger) => panic!("{ledger:?}"),
        Err(fault) => fault
            .to_string()
            .replace(&path.display().to_string(), "FILE"),
    }
}

#[test]
fn a_file_is_one_ledgers_at_a_time() {
    let folder = Folder::new("alone");
    let ledger = FileLedger::open(&folder.file()).expect("a new file");
    assert_eq!(why(&folder.file()), "FILE is in use by another process");
    drop(ledger);
    assert!(FileLedger::open(&folder.file()).is_ok());
}

#[test]
fn a_file_that_is_damaged_or_none_of_ours_is_told_of_and_left_as_it_is() {
    let folder = Folder::new("damaged");
    let (all, _) = opened(
        FileLedger::open(&folder.file()).expect("new"),
        seeds(3),
        "one",
    );
    assert_eq!(make(all.main(), &[put("1", 10)]), Ok(()));
    let shown = whole(all.main());
    drop(all);
    let sound = std::fs::read(folder.file()).expect("bytes");

    std::fs::write(folder.file(), "some notes of mine\n".repeat(1000)).expect("written");
    assert!(why(&folder.file()).starts_with("FILE is damaged, or no state file: "));
    std::fs::write(folder.file(), &sound[..sound.len() / 2]).expect("written");
    assert!(
        why(&folder.file()).starts_with("FILE is damaged"),
        "{}",
        why(&folder.file())
    );
    assert_eq!(why(&folder.0).replace("FILE", ""), why(&folder.0)[4..]);

    // Whatever byte is wrong: it is refused, or it didn't matter.
    let mut refused = 0;
    for at in (0..sound.len()).step_by(sound.len() / 150) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x55;
        std::fs::write(folder.file(), &bytes).expect("written");
        match FileLedger::open(&folder.file()) {
            Err(fault) => {
                let name = folder.file().display().to_string();
                assert!(fault.to_string().starts_with(&name), "{fault}");
                refused += 1;
            }
            Ok(ledger) => assert_eq!(whole(opened(ledger, seeds(3), "one").0.main()), shown),
        }
    }
    assert!(refused > 0);
}

/// Writes and tells of each write until it is killed. It runs alone in a process of its own.
#[test]
#[ignore = "started by another test"]
fn writes_until_it_is_killed() {
    let path = std::env::var("STATE_FILE").expect("a path");
    let ledger = FileLedger::open(Path::new(&path)).expect("a ledger");
    let (all, _) = opened(ledger, seeds(3), "one");
    let first = all
        .main()
        .read(|state| state.collection("things").map_or(0, |c| c.len()));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let all = &all;
            scope.spawn(move || {
                for n in first.. {
                    let key = format!("{thread}-{n}");
                    let changes = [
                        put(&key, n),
                        remove(&format!("{thread}-{}", n.wrapping_sub(2000))),
                    ];
                    assert_eq!(make(all.main(), &changes), Ok(()));
                    let line = format!("wrote {key}\n");
                    std::io::stdout().write_all(line.as_bytes()).expect("told");
                }
            });
        }
    });
}

#[test]
fn what_was_told_to_be_written_is_there_after_a_kill() {
    let folder = Folder::new("killed");
    let program = std::env::current_exe().expect("this program");
    for round in 0..10_u64 {
        let mut child = std::process::Command::new(&program)
            .args([
                "store::file::tests::writes_until_it_is_killed",
                "--exact",
                "--ignored",
                "--nocapture",
            ])
            .env("STATE_FILE", folder.file())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("started");
        let mut told = child.stdout.take().expect("piped");
        std::thread::sleep(Duration::from_millis(100 + (round * 37) % 400));
        child.kill().expect("killed");
        child.wait().expect("ended");
        let mut text = String::new();
        std::io::Read::read_to_string(&mut told, &mut text).expect("text");
        let wrote: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("wrote "))
            .collect();
        let ledger = FileLedger::open(&folder.file()).expect("it opens");
        let (all, _) = opened(ledger, seeds(3), "one");
        all.main().read(|state| {
            for key in &wrote {
                let number = key.split('-').nth(1).expect("a number");
                let item = state
                    .item("things", key)
                    .map(|item| item.value["n"].to_string());
                assert_eq!(item.as_deref(), Some(number), "{key} of {}", wrote.len());
            }
        });
    }
}
