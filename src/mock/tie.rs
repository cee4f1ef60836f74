//! Which paths make a collection, told from paths and methods alone, so that a large document is
//! no slower to load for it. What schemas have to say comes when an operation is first used.

use super::{Operations, Unique};
use crate::route::PathTemplate;
use crate::wire::Method;
use indexmap::IndexMap;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

/// What the fixtures and their settings say of a collection.
#[derive(Debug, Clone, Default)]
pub struct CollectionHint {
    /// Whether a file has its items.
    pub is_seeded: bool,
    /// Whether that file has one item alone, and no list.
    pub is_single: bool,
    /// Whether the paths that would make it are to answer without state.
    pub is_off: bool,
    /// The path of its list, where its name doesn't tell.
    pub path: Option<String>,
    /// The property that holds the key.
    pub key: Option<String>,
    /// Parents: path parameter and collection.
    pub parents: BTreeMap<String, String>,
    /// Sets of properties of which no two items have the same values.
    pub unique: Vec<Vec<String>>,
}

/// Paths that work on the same items.
#[derive(Debug)]
pub struct Tie {
    /// The collection's name.
    pub name: String,
    /// Whether it is a collection, or one item by itself.
    pub kind: TieKind,
    /// The path of the list; of a single item its own.
    pub list_path: Arc<str>,
    /// The path of one item.
    pub item_path: Arc<str>,
    /// The items above, outermost first.
    pub parents: Vec<Parent>,
    /// Whether fixtures say which items there are. Where they don't, the document's examples and
    /// samples stand for items that nobody has written yet.
    pub is_seeded: bool,
    /// The property that the settings name as the key.
    pub(super) hinted_key: Option<String>,
    /// The property that holds the key; nothing where the paths turn out to make no collection.
    pub(super) key: OnceLock<Option<String>>,
    /// What the settings name as unique.
    pub(super) hinted_unique: Vec<Vec<String>>,
    /// What is unique beside the key.
    pub(super) unique: OnceLock<Unique>,
    /// Lists of some of its items that stand elsewhere.
    pub scopes: Vec<Scope>,
    /// Paths of actions on an item, where nothing else changes it: these show whether one does.
    pub(super) acts: Vec<Arc<str>>,
}

/// A path that lists some items of a collection and adds to them, and stands elsewhere than they
/// do: `/users/{userId}/posts` of `/posts/{postId}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The path.
    pub path: Arc<str>,
    /// The path parameters that say which items these are.
    pub parameters: Vec<ScopeParameter>,
}

/// A path parameter that says which items a list has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeParameter {
    /// Its name.
    pub name: String,
    /// The literal that stands before it in the path.
    pub of: String,
}

/// What a tie ties together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TieKind {
    /// `/x` and `/x/{id}`; with the path parameter that names the item.
    Collection(String),
    /// `/x` that is read and changed as one: `/me`, `/settings`.
    Single,
    /// `/x` that is read and posted to, whose items have no paths: what the schemas say, a list that
    /// is added to or one thing that is set. Where fixtures have its items, `/x` that is only read.
    Open,
}

/// Which of a tie's paths an operation is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The list.
    List,
    /// One item.
    Item,
    /// A literal below the list, such as `/x/search`: perhaps another view of the list.
    Below,
    /// A list of some of the items that stands elsewhere, by its number among the tie's scopes.
    Scope(usize),
}

/// An item that others hang on.
#[derive(Debug, Clone)]
pub struct Parent {
    /// The path parameter that names it, and the property of the items below that holds its key.
    pub parameter: String,
    /// Its collection, where that is known.
    pub collection: Option<String>,
    /// Whether that has fixtures.
    pub is_seeded: bool,
}

/// The ties of a contract, and the paths that are theirs.
#[derive(Debug, Default)]
pub struct Ties {
    ties: Vec<Tie>,
    of_path: HashMap<Arc<str>, (usize, Role)>,
    /// Those of items by their paths, whatever the parameters in these are called.
    of_item: HashMap<String, usize>,
    names: HashMap<String, usize>,
    /// Those of collections by the last literal of their lists.
    by_end: HashMap<String, Vec<usize>>,
    /// The names of the collections that have fixtures.
    files: HashSet<String>,
}

/// A path of the document.
struct Path<'d> {
    segments: Vec<Result<String, String>>,
    methods: Vec<&'d Method>,
}

impl Path<'_> {
    fn has(&self, methods: &[Method]) -> bool {
        self.methods.iter().any(|method| methods.contains(method))
    }
}

const WRITES: [Method; 3] = [Method::PUT, Method::PATCH, Method::DELETE];

impl Ties {
    /// The ties of a contract's paths. `hints` has what fixtures and settings say, by the names of
    /// collections or the paths of their lists.
    pub fn infer(operations: &Operations, hints: &BTreeMap<String, CollectionHint>) -> Ties {
        let mut paths: IndexMap<Arc<str>, Path<'_>> = IndexMap::new();
        for stub in operations.stubs() {
            let at: Arc<str> = trimmed(&stub.path).into();
            if let Some(path) = paths.get_mut(&at) {
                path.methods.push(&stub.method);
                continue;
            }
            let template = PathTemplate::parse(&at).ok();
            let Some(plain) = template.as_ref().and_then(PathTemplate::plain) else {
                continue;
            };
            let owned = plain.into_iter().map(|segment| match segment {
                Ok(literal) => Ok(literal.to_owned()),
                Err(name) => Err(name.to_owned()),
            });
            let path = Path {
                segments: owned.collect(),
                methods: vec![&stub.method],
            };
            paths.insert(at, path);
        }
        let lists: HashSet<&str> = paths.keys().filter_map(|path| list_of(path)).collect();
        let found = paths.iter();
        let posted = paths.values().filter(|path| path.has(&[Method::POST]));
        let posted = posted.filter_map(|path| match path.segments.as_slice() {
            [.., Ok(last)] => Some(last.as_str()),
            _ => None,
        });
        let posted: HashSet<&str> = posted.collect();
        let mut acted: Acts<'_> = HashMap::new();
        for (path, of) in &paths {
            let is_word = matches!(of.segments.last(), Some(Ok(_)));
            let is_change = of.has(&WRITES) || of.has(&[Method::POST]);
            // `/cart/items` of `/cart`, and `/cart/items/{id}` too.
            let word = match is_word {
                true => Some(&**path),
                false => list_of(path),
            };
            let above = word.and_then(|word| word.rsplit_once('/'));
            if let Some((above, _)) = above.filter(|_| is_change) {
                acted.entry(above).or_default().push(Arc::clone(path));
            }
        }
        let mut found: Vec<Candidate> = found
            .filter_map(|(path, of)| candidate(path, of, &paths, (&lists, &posted), &acted, hints))
            .collect();
        // A path that ends in a parameter is an item before it is a list; and what others list some
        // of has the shortest path.
        found.sort_by_key(|candidate| match candidate.kind {
            TieKind::Open => 2 + candidate.list_path.matches('/').count(),
            _ if !candidate.acts.is_empty() => 1000,
            _ => usize::from(candidate.list_path.ends_with('}')),
        });
        let with_file = hints.iter().filter(|(_, hint)| hint.is_seeded);
        let mut ties = Ties {
            files: with_file.map(|(name, _)| name.clone()).collect(),
            ..Ties::default()
        };
        // The first path of a name that has fixtures is theirs.
        for candidate in &found {
            if let Some((name, hint)) = candidate.hint(hints, &ties) {
                let tie = candidate.tie(name.clone(), Some(hint));
                // A path that shows no such items isn't it.
                if tie.key(operations).is_some() {
                    ties.add(tie);
                }
            }
        }
        for candidate in found.iter().filter(|candidate| candidate.is_plain) {
            let names = [&candidate.name, &candidate.long_name];
            let is_free = |name: &&&String| {
                let has_file = hints.get(**name).is_some_and(|hint| hint.is_seeded);
                !has_file && ties.named(name).is_none()
            };
            let name = names.iter().find(is_free).map(|name| (*name).clone());
            let name = name.unwrap_or_else(|| candidate.list_path.to_string());
            let hint = hints
                .get(&name)
                .or_else(|| hints.get(&*candidate.list_path));
            let tie = candidate.tie(name, hint);
            // What may show some items of another is a list of its own if nothing says it does.
            let is_own = || {
                let path = paths.get(&tie.list_path);
                let is_scope = path.is_some_and(|of| ties.scope(&tie.list_path, of).is_some());
                let is_below = ties.is_below_list(&tie.list_path);
                !is_scope && (!is_below || tie.key(operations).is_some())
            };
            // What nothing below shows changed is read, and no more.
            let is_told = tie.acts.is_empty() || tie.key(operations).is_some();
            if !ties.has(&tie) && is_told && (tie.kind != TieKind::Open || is_own()) {
                ties.add(tie);
            }
        }
        for (path, segments) in paths
            .iter()
            .map(|(path, path_of)| (path, &path_of.segments))
        {
            let above = path.rsplit_once('/').map_or("", |(above, _)| above);
            let is_literal = segments.last().is_some_and(Result::is_ok);
            if let Some(tie) = ties.of_path.get(above)
                && ties.is_below_list(path)
                && is_literal
                && !ties.of_path.contains_key(path)
            {
                let place = (tie.0, Role::Below);
                ties.of_path.insert(Arc::clone(path), place);
            }
        }
        for (path, of) in &paths {
            if let Some((number, scope)) = ties.scope(path, of) {
                let scopes = &mut ties.ties[number].scopes;
                let role = Role::Scope(scopes.len());
                scopes.push(scope);
                ties.of_path.insert(Arc::clone(path), (number, role));
            }
        }
        let parents: Vec<Vec<Parent>> = ties
            .ties
            .iter()
            .map(|tie| ties.parents(&tie.list_path, hints.get(&tie.name)))
            .collect();
        for (tie, parents) in ties.ties.iter_mut().zip(parents) {
            tie.parents = parents;
        }
        ties
    }

    fn has(&self, tie: &Tie) -> bool {
        let is_list = !tie.list_path.ends_with('}');
        self.of_path.contains_key(&tie.item_path)
            || is_list && self.of_path.contains_key(&tie.list_path)
    }

    /// Whether a path is one segment longer than that of a list.
    fn is_below_list(&self, path: &str) -> bool {
        let above = path.rsplit_once('/').map_or("", |(above, _)| above);
        let tie = self.of_path.get(above);
        tie.is_some_and(|(_, role)| *role == Role::List)
    }

    fn add(&mut self, tie: Tie) {
        let number = self.ties.len();
        if tie.kind != TieKind::Single {
            self.of_item.insert(nameless(&tie.item_path), number);
            let end = tie.list_path.rsplit('/').next().unwrap_or_default();
            self.by_end.entry(end.to_owned()).or_default().push(number);
        }
        for (path, role) in [(&tie.list_path, Role::List), (&tie.item_path, Role::Item)] {
            if role == Role::Item || !self.of_item.contains_key(&nameless(path)) {
                self.of_path.insert(Arc::clone(path), (number, role));
            }
        }
        self.names.insert(tie.name.clone(), number);
        self.ties.push(tie);
    }

    /// The collection of whose items a path may list some, though they stand elsewhere: its name is
    /// the path's last literal, and the path has all the parameters that it hangs on, and more.
    fn scope(&self, path: &Arc<str>, of: &Path<'_>) -> Option<(usize, Scope)> {
        let is_list = of.has(&[Method::GET, Method::POST]) && !self.of_path.contains_key(path);
        let [.., Ok(last)] = of.segments.as_slice() else {
            return None;
        };
        let mut own: Vec<ScopeParameter> = Vec::new();
        for pair in of.segments.windows(2) {
            if let [before, Err(name)] = pair {
                own.push(ScopeParameter {
                    name: name.clone(),
                    of: before.clone().unwrap_or_default(),
                });
            }
        }
        if !is_list || own.is_empty() {
            return None;
        }
        let ends = self.by_end.get(last)?.iter();
        let fitting = ends.filter(|number| {
            let above = parameters(&self.ties[**number].list_path);
            above.len() < own.len() && above.iter().all(|name| own.iter().any(|o| o.name == *name))
        });
        let shared = |number: &&usize| {
            let list = self.ties[**number].list_path.split('/');
            list.zip(path.split('/'))
                .take_while(|(a, b)| a == b)
                .count()
        };
        let number = *fitting.max_by_key(shared)?;
        let above = parameters(&self.ties[number].list_path);
        own.retain(|parameter| !above.contains(&parameter.name.as_str()));
        let path = Arc::clone(path);
        let parameters = own;
        Some((number, Scope { path, parameters }))
    }

    /// The items that a path hangs on, by its parameters.
    pub fn parents(&self, path: &str, hint: Option<&CollectionHint>) -> Vec<Parent> {
        let mut parents = Vec::new();
        let mut at = String::new();
        let mut before = "";
        let mut segments = trimmed(path).split('/').skip(1).peekable();
        while let Some(segment) = segments.next() {
            at += "/";
            at += segment;
            let name = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}'));
            let Some(parameter) = name else {
                before = segment;
                continue;
            };
            let tie = self.of_item.get(&nameless(&at));
            let tie = tie.map(|number| &self.ties[*number]);
            let hinted = hint.and_then(|hint| hint.parents.get(parameter));
            // What the settings name has a file, as they were checked for.
            let of_tie = || tie.map(|tie| (tie.name.clone(), tie.is_seeded));
            // One of several that name an item together names none itself.
            let is_last = !segments.peek().is_some_and(|next| next.starts_with('{'));
            let file = self.files.get(before).filter(|_| is_last);
            let of_file = || file.map(|name| (name.clone(), true));
            let known = hinted.map(|name| (name.clone(), true));
            let known = known.or_else(of_tie).or_else(of_file);
            let (collection, is_seeded) = known.unzip();
            parents.push(Parent {
                parameter: parameter.to_owned(),
                collection,
                is_seeded: is_seeded.unwrap_or(false),
            });
        }
        parents
    }

    /// The tie of a path, and what the path is in it.
    pub fn of(&self, path: &str) -> Option<(&Tie, Role)> {
        let (number, role) = self.of_path.get(trimmed(path))?;
        Some((&self.ties[*number], *role))
    }

    /// The tie of the items of a path, whatever its parameters are called.
    pub(super) fn of_item(&self, path: &str) -> Option<&Tie> {
        let number = self.of_item.get(&nameless(trimmed(path)))?;
        Some(&self.ties[*number])
    }

    /// The tie of a name.
    pub fn named(&self, name: &str) -> Option<&Tie> {
        self.names.get(name).map(|number| &self.ties[*number])
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Tie> {
        self.ties.iter()
    }
}

/// What the paths of a whole API may end in that says how a reply is written, and not what it is of.
const ENDS: [&str; 2] = [".json", ".xml"];

/// A path without the slash, or the name of a format, that it ends in: some APIs have that
/// everywhere.
pub fn trimmed(path: &str) -> &str {
    let mut ends = ENDS.iter();
    let trimmed = ends
        .find_map(|end| path.strip_suffix(end))
        .filter(|path| !path.ends_with('/'));
    trimmed
        .or_else(|| path.strip_suffix('/'))
        .filter(|path| !path.is_empty())
        .unwrap_or(path)
}

/// A path whose parameters have no names.
fn nameless(path: &str) -> String {
    let segments = path.split('/');
    let segments = segments.map(|segment| match segment.starts_with('{') {
        true => "{}",
        false => segment,
    });
    segments.collect::<Vec<&str>>().join("/")
}

/// What the parameters of a path are called in the path of an item that it is below, by their names;
/// nothing where it isn't below that.
pub(super) fn names_above<'p>(path: &'p str, item: &'p str) -> Option<HashMap<&'p str, &'p str>> {
    let name = |segment: &'p str| segment.strip_prefix('{')?.strip_suffix('}');
    let mut names = HashMap::new();
    let mut own = path.split('/');
    for above in item.split('/') {
        let below = own.next()?;
        match (name(below), name(above)) {
            (Some(below), Some(above)) => _ = names.insert(below, above),
            _ if below == above => {}
            _ => return None,
        }
    }
    own.next().map(|_| names)
}

/// The names of a path's parameters.
fn parameters(path: &str) -> Vec<&str> {
    let names = path.split('/');
    let names = names.filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    names.collect()
}

/// The path that lists what a path shows one of, where the path ends in a parameter.
fn list_of(path: &str) -> Option<&str> {
    let (list, last) = path.rsplit_once('/')?;
    (last.starts_with('{') && last.ends_with('}')).then_some(list)
}

impl Candidate {
    /// What is said of it where fixtures have its items: by its path, else by one of its names.
    fn hint<'h>(
        &self,
        hints: &'h BTreeMap<String, CollectionHint>,
        ties: &Ties,
    ) -> Option<(&'h String, &'h CollectionHint)> {
        let is_here = |path: &str| *trimmed(path) == *self.list_path;
        let is_fitting = |hint: &CollectionHint| match self.kind {
            TieKind::Single => hint.is_single,
            TieKind::Collection(_) => !hint.is_single,
            TieKind::Open => true,
        };
        let seeded = || {
            let all = hints.iter();
            all.filter(|(name, hint)| {
                hint.is_seeded && is_fitting(hint) && ties.named(name).is_none()
            })
        };
        let by_path = seeded().find(|(_, hint)| hint.path.as_deref().is_some_and(is_here));
        let by_name = |wanted: &str| {
            let mut unplaced = seeded().filter(|(_, hint)| hint.path.is_none());
            unplaced.find(|(name, _)| *name == wanted)
        };
        let by_names = || by_name(&self.name).or_else(|| by_name(&self.long_name));
        by_path.or_else(by_names)
    }

    fn tie(&self, name: String, hint: Option<&CollectionHint>) -> Tie {
        Tie {
            name,
            kind: self.kind.clone(),
            list_path: Arc::clone(&self.list_path),
            item_path: Arc::clone(&self.item_path),
            parents: Vec::new(),
            is_seeded: hint.is_some_and(|hint| hint.is_seeded),
            hinted_key: hint.and_then(|hint| hint.key.clone()),
            key: OnceLock::new(),
            hinted_unique: hint.map_or_else(Vec::new, |hint| hint.unique.clone()),
            unique: OnceLock::new(),
            scopes: Vec::new(),
            acts: self.acts.clone(),
        }
    }
}

/// Paths that end in a word and change something, by those that they are below.
type Acts<'p> = HashMap<&'p str, Vec<Arc<str>>>;

/// Paths that may make a collection.
struct Candidate {
    name: String,
    /// A name that others with the same last segment haven't got.
    long_name: String,
    kind: TieKind,
    list_path: Arc<str>,
    item_path: Arc<str>,
    /// Whether paths and methods are reason enough, without fixtures.
    is_plain: bool,
    /// Paths of actions on one, where nothing else is reason enough.
    acts: Vec<Arc<str>>,
}

fn candidate(
    path: &Arc<str>,
    of: &Path<'_>,
    paths: &IndexMap<Arc<str>, Path<'_>>,
    (lists, posted): (&HashSet<&str>, &HashSet<&str>),
    acted: &Acts<'_>,
    hints: &BTreeMap<String, CollectionHint>,
) -> Option<Candidate> {
    let literals = of.segments.iter().filter_map(|s| s.as_ref().ok());
    let literals: Vec<&str> = literals.map(String::as_str).collect();
    let name = (*literals.last()?).to_owned();
    let long_name = literals.join(".");
    let known = |list: &str| match paths.get_key_value(list) {
        Some((list, _)) => Arc::clone(list),
        None => list.into(),
    };
    let acts = || acted.get(&**path).cloned().unwrap_or_default();
    let (kind, list_path, is_plain) = match of.segments.as_slice() {
        [.., Ok(_), Err(parameter)] => {
            let list = list_of(path)?;
            let list_of = paths.get(list);
            let is_listed = list_of.is_some_and(|list| list.has(&[Method::GET, Method::POST]));
            let is_read = of.has(&[Method::GET]);
            let is_paged = is_read && list_of.is_some_and(|list| list.has(&[Method::GET]));
            // Where nothing can change there is nothing to remember, but a list still has pages.
            let is_changed = of.has(&WRITES)
                || posted.contains(name.as_str())
                || of.has(&[Method::POST]) && is_read
                || list_of.is_some_and(|list| list.has(&[Method::POST]) || list.has(&WRITES));
            let kind = TieKind::Collection(parameter.clone());
            (
                kind,
                known(list),
                is_paged || (is_read || is_listed) && is_changed,
            )
        }
        // It takes several parameters to name one, and mostly nothing lists them.
        [.., Err(_), Err(parameter)] => {
            let is_plain = of.has(&[Method::GET]) && of.has(&WRITES);
            let kind = TieKind::Collection(parameter.clone());
            (kind, known(list_of(path)?), is_plain)
        }
        [.., Ok(_)] if !of.has(&[Method::GET]) || lists.contains(&**path) => return None,
        [.., Ok(_)] if of.has(&[Method::PUT, Method::PATCH]) => {
            (TieKind::Single, Arc::clone(path), true)
        }
        [.., Ok(_)] if of.has(&[Method::POST]) => (TieKind::Open, Arc::clone(path), true),
        [.., Ok(_)] if !acts().is_empty() => (TieKind::Single, Arc::clone(path), false),
        // What is only shown is remembered where a file says what it is.
        [.., Ok(_)] => {
            let seeded = hints.iter().filter(|(own, hint)| {
                let is_here = |listed: &String| *trimmed(listed) == **path;
                let is_named = || **own == name || **own == long_name;
                hint.is_seeded && hint.path.as_ref().map_or_else(is_named, is_here)
            });
            let kind = match seeded.map(|(_, hint)| hint.is_single).next()? {
                true => TieKind::Single,
                false => TieKind::Open,
            };
            (kind, Arc::clone(path), false)
        }
        _ => return None,
    };
    let is_read = of.has(&[Method::GET]);
    let acts = match is_plain || !is_read {
        true => Vec::new(),
        false => acts(),
    };
    let is_plain = is_plain || !acts.is_empty();
    let item_path = match kind {
        // No path of the document, but what stands below such an item hangs on it.
        TieKind::Open => format!("{path}/{{id}}").into(),
        _ => Arc::clone(path),
    };
    let is_off = |name: &str| hints.get(name).is_some_and(|hint| hint.is_off);
    let is_off = is_off(&name) || is_off(&long_name) || is_off(&list_path);
    (!is_off).then_some(Candidate {
        name,
        long_name,
        kind,
        list_path,
        item_path,
        is_plain,
        acts,
    })
}
