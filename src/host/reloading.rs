//! A host whose files changed while it was served.

use super::{Api, Coming, Host, fixture_folders};
use crate::contract::{Beginning, Contract, Loading};
use crate::spec::{LoadError, LoadErrors};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many contracts are remembered whose documents went.
const GONE: usize = 16;

/// What comes of loading anew.
#[derive(Debug)]
pub struct Reloaded {
    /// The contracts as they are by now.
    pub host: Host,
    /// The names of the APIs that were loaded; the others are as they were.
    pub apis: Vec<String>,
    /// What of the rules of behaviour is gone, as what it was for is: a sentence for each.
    pub dropped: Vec<String>,
}

impl Host {
    /// Loads the contracts anew of which something is among the files that `changed`; `paths` and
    /// `loading` are what this was loaded with. What the contracts remember goes on, as does what
    /// was set while they were served: clocks, sandboxes, rules of behaviour. Fixtures that are
    /// others by now are there at once, beside what clients have written; where the state is
    /// [kept](Loading::state), with the next reset.
    ///
    /// This and the new one share what is remembered, and this should be used no further.
    ///
    /// # Errors
    /// Every error of every file, with its place; where it is [strict](Loading::strict), every
    /// warning too. All is as it was.
    pub fn reload(
        &self,
        paths: &[PathBuf],
        loading: &Loading,
        changed: &BTreeSet<PathBuf>,
    ) -> Result<Reloaded, LoadErrors> {
        let is_overlay = |path: &PathBuf| loading.overlays.contains(path);
        let all_changed = changed.iter().any(is_overlay);
        let stays = |api: &Api, path: &Path| {
            let is_served = self.apis.iter().any(|own| std::ptr::eq(own, api));
            is_served && !all_changed && !api.is_made_of(path, changed)
        };
        let old = |name: &str| {
            let mut known = self.apis.iter().chain(self.gone.iter().rev());
            known.find(|api| api.name == name)
        };
        let comes = |may_stay: bool| {
            move |name: &str, path: &Path| match old(name) {
                Some(api) if may_stay && stays(api, path) => {
                    Coming::Staying(Arc::clone(&api.contract))
                }
                Some(api) => Coming::Loaded(Beginning::Before(&api.contract)),
                None => {
                    let kept = self.ledger.clone().map(Beginning::Kept);
                    Coming::Loaded(kept.unwrap_or(Beginning::Fixtures))
                }
            }
        };
        let mut loaded = Host::gather(paths, loading, &comes(true))?;
        // One alone is served at the root, which tells another where it is.
        if (loaded.len() == 1) != (self.apis.len() == 1) {
            loaded = Host::gather(paths, loading, &comes(false))?;
        }
        let was = |contract: &Arc<Contract>| {
            let mut old = self.apis.iter();
            old.any(|api| Arc::ptr_eq(&api.contract, contract))
        };
        let anew = loaded.iter().filter(|(_, contract)| !was(contract));
        let anew: Vec<_> = anew.collect();
        let apis = anew.iter().map(|(name, _)| name.clone()).collect();
        if loading.strict {
            let warnings = anew.iter().flat_map(|(_, contract)| contract.read_whole());
            let warnings: Vec<LoadError> = warnings.cloned().collect();
            if !warnings.is_empty() {
                return Err(LoadErrors(warnings));
            }
        }
        let is_there = |name: &str| loaded.iter().any(|(known, _)| known == name);
        let mut gone: Vec<Api> = self
            .gone
            .iter()
            .chain(&self.apis)
            .filter(|api| !is_there(&api.name))
            .map(Api::clone)
            .collect();
        gone.drain(..gone.len().saturating_sub(GONE));
        let host = Host {
            gone,
            ledger: self.ledger.clone(),
            put_aside: self.put_aside.clone(),
            ..Host::loaded(loaded, loading)
        };
        let dropped = host.behave_as(self);
        for api in &host.apis {
            api.contract.take_over();
        }
        Ok(Reloaded {
            host,
            apis,
            dropped,
        })
    }

    /// Has the rules of behaviour of another host, as far as what they name is here. Gives what
    /// isn't.
    fn behave_as(&self, other: &Host) -> Vec<String> {
        self.behaviour.usually_as(&other.behaviour);
        let (seed, mut rules) = other.rules_of_behaviour();
        let mut dropped = Vec::new();
        // All of them are refused for the sake of one.
        while let Err(unplaced) = self.behave(seed.clone(), rules.clone()) {
            let gone: BTreeSet<usize> = unplaced.iter().map(|wrong| wrong.rule).collect();
            dropped.extend(unplaced.into_iter().map(|wrong| wrong.detail));
            let mut number = 0..;
            rules.retain(|_| !number.next().is_some_and(|number| gone.contains(&number)));
        }
        dropped
    }
}

impl Api {
    /// Whether it is made of one of some files, where its document is the one at `path`.
    fn is_made_of(&self, path: &Path, files: &BTreeSet<PathBuf>) -> bool {
        let folders = fixture_folders(path);
        let is_within = |file: &PathBuf| folders.iter().any(|folder| file.starts_with(folder));
        // It may lack a file that isn't known, as it wasn't there.
        let lacks = !self.contract.warnings().is_empty();
        let around = path.parent().filter(|_| lacks);
        let may_be_lacked = |file: &PathBuf| around.is_some_and(|around| file.starts_with(around));
        let read = self.contract.files().map(Path::new);
        files.contains(path)
            || read.into_iter().any(|file| files.contains(file))
            || files
                .iter()
                .any(|file| is_within(file) || may_be_lacked(file))
    }
}
