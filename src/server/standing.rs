use super::Limits;
use super::control::Library;
use super::covering::Covering;
use super::expectations::Expectations;
use super::journal::{Journal, Mask};
use super::metrics::Metrics;
use crate::host::Host;
use arc_swap::{ArcSwap, Guard};
use std::sync::Arc;

/// The contracts that a server stands in for, and all that is made of them. Others can take their
/// place while it runs.
#[derive(Clone)]
pub struct Standing {
    host: Arc<ArcSwap<Host>>,
    pub(super) mask: Arc<ArcSwap<Mask>>,
    pub(super) journal: Option<Arc<Journal>>,
    pub(super) covering: Option<Arc<Covering>>,
    pub(super) expectations: Arc<Expectations>,
    pub(super) metrics: Arc<Metrics>,
    /// The pages of their documentation.
    pub(super) library: Arc<ArcSwap<Library>>,
}

impl Standing {
    /// That of these contracts, served at the URL `base`.
    pub(super) fn new(host: Arc<Host>, limits: &Limits, base: String) -> Standing {
        let mask = Arc::new(ArcSwap::from_pointee(mask_of(&host)));
        let journal = Journal::new(limits, Arc::clone(&mask)).map(Arc::new);
        let covering = |journal: &Arc<Journal>| Covering::new(Arc::clone(&host), journal.clone());
        Standing {
            covering: journal.as_ref().map(covering).map(Arc::new),
            journal,
            mask,
            expectations: Arc::default(),
            metrics: Arc::new(Metrics::new()),
            library: Arc::new(ArcSwap::from_pointee(Library::new(host.clone(), base))),
            host: Arc::new(ArcSwap::new(host)),
        }
    }

    /// The contracts as they are now, for as long as that takes: nobody is waited for.
    pub(super) fn look(&self) -> Guard<Arc<Host>> {
        self.host.load()
    }

    /// The contracts as they are now.
    pub fn host(&self) -> Arc<Host> {
        self.host.load_full()
    }

    /// Has these contracts take the place of those before. What is under way ends with the old
    /// ones. Of coverage, what was counted of a contract that stays is kept; expectations go on
    /// counting. Gives which of these can't come any more, as what they name is gone: a sentence for
    /// each.
    pub fn replace(&self, host: Arc<Host>) -> Vec<String> {
        let old = self.host.load_full();
        self.mask.store(Arc::new(mask_of(&host)));
        let library = self.library.load().of(host.clone());
        self.library.store(Arc::new(library));
        if let Some(covering) = &self.covering {
            covering.go_over(&host);
        }
        let dropped = self.expectations.go_over(&old, &host);
        self.host.store(host);
        dropped
    }
}

fn mask_of(host: &Host) -> Mask {
    Mask::of(host.apis().iter().map(|api| api.contract().secrets()))
}

impl std::fmt::Debug for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Standing").finish_non_exhaustive()
    }
}
