//! What the folder of a site says of itself: which files are ours, and of what they were written.

use super::super::arguments::{Docs as Arguments, DocsFormat};
use super::super::watch::Watch;
use crate::host::Host;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// The file that says so.
pub(super) const LISTING: &str = "assets/files.txt";
/// What stands before the digest in its first line.
const HEAD: &str = "# counterpart ";

/// What a folder had, by its listing: nothing where there is none.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    /// Of what the files were written.
    digest: String,
    /// Their paths, with their lengths in bytes.
    files: Vec<(String, u64)>,
}

impl Manifest {
    /// That of a folder.
    pub(super) fn of(folder: &Path) -> Manifest {
        let text = fs::read_to_string(folder.join(LISTING)).unwrap_or_default();
        let mut manifest = Manifest::default();
        for line in text.lines() {
            match line.strip_prefix(HEAD) {
                Some(digest) => digest.clone_into(&mut manifest.digest),
                None => {
                    let (path, length) = line.split_once('\t').unwrap_or((line, ""));
                    let length = length.parse().unwrap_or_default();
                    manifest.files.push((path.to_owned(), length));
                }
            }
        }
        manifest
    }

    /// The paths of its files.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(path, _)| path.as_str())
    }

    /// How many files it has, where they were written of the same and are there as they were, by
    /// their lengths.
    pub(super) fn is_current(&self, folder: &Path, digest: &str) -> Option<usize> {
        let is_there = |(path, length): &(String, u64)| {
            fs::metadata(folder.join(path)).is_ok_and(|data| data.len() == *length)
        };
        let is_same = self.digest == digest && self.files.iter().all(is_there);
        is_same.then_some(self.files.len())
    }
}

/// The text of a listing.
pub(super) fn listing(digest: Option<&str>, files: &[(Arc<str>, u64)]) -> String {
    let mut text = digest.map_or_else(String::new, |digest| format!("{HEAD}{digest}\n"));
    for (path, length) in files {
        text += &format!("{path}\t{length}\n");
    }
    text
}

/// What a site is written of: this version, and every file that it is read from, wherever they
/// stand. Nothing where not all of them are known.
pub(super) fn digest(arguments: &Arguments, host: &Host, watch: &Watch) -> Option<String> {
    // What an older document refers to isn't known here.
    if !arguments.since.is_empty() {
        return None;
    }
    let mut hash = Fnv::new();
    hash.add(env!("CARGO_PKG_VERSION").as_bytes());
    hash.add(match arguments.format {
        DocsFormat::Html => b"html",
        DocsFormat::Markdown => b"markdown",
        DocsFormat::Mdbook => b"mdbook",
        DocsFormat::Docusaurus => b"docusaurus",
        DocsFormat::Mkdocs => b"mkdocs",
    });
    for api in host.apis() {
        hash.add(api.name().as_bytes());
        hash.add(api.contract().prefix.as_bytes());
    }
    for (_, text) in crate::docs::assets() {
        hash.add(text.as_bytes());
    }
    // By name and text alone: how they are reached hangs on the folder that one is in.
    let mut all: BTreeSet<(OsString, u64)> = BTreeSet::new();
    for path in watch.files() {
        let name = path.file_name().unwrap_or_default().to_owned();
        // What isn't there is told from what is empty.
        let Ok(text) = fs::read(path) else {
            all.insert((name, 0));
            continue;
        };
        // The file of an example of its own isn't among these.
        let outside = "externalValue";
        if String::from_utf8_lossy(&text).contains(outside) {
            return None;
        }
        let mut own = Fnv::new();
        own.add(&text);
        all.insert((name, own.0));
    }
    for (name, text) in &all {
        hash.add(name.as_encoded_bytes());
        hash.add(&text.to_le_bytes());
    }
    Some(format!("{} {:016x}", env!("CARGO_PKG_VERSION"), hash.0))
}

/// As FNV-1a of 64 bits, but over eight bytes at a time: texts with their lengths.
struct Fnv(u64);

impl Fnv {
    fn new() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, text: &[u8]) {
        self.step(text.len() as u64);
        let (words, rest) = text.as_chunks::<8>();
        words
            .iter()
            .for_each(|word| self.step(u64::from_le_bytes(*word)));
        rest.iter().for_each(|byte| self.step(u64::from(*byte)));
    }

    fn step(&mut self, word: u64) {
        // The high bits of a word reach no low ones by multiplying.
        let mixed = (self.0 ^ word).wrapping_mul(0x0100_0000_01b3);
        self.0 = mixed ^ (mixed >> 32);
    }
}
