//! The files of a document, and where the references in them lead.

use super::Source;
use super::names::{Key, Named, names};
use super::tree::{At, Node, Tree};
use crate::wire::{Pointer, decode_percent};
use fluent_uri::{Uri, UriRef};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many bytes an example may have that stands in a file of its own.
const ATTACHMENT: u64 = 1024 * 1024;

/// What references may reach.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Files and folders beside those below the root document's folder, and `PREFIX=FOLDER`: a URL
    /// prefix and the folder that stands in for it.
    pub allowed: Vec<String>,
    /// How many files a document may have.
    pub files: usize,
    /// How many bytes they may have together.
    pub bytes: usize,
}

impl Default for Reach {
    fn default() -> Reach {
        Reach {
            allowed: Vec::new(),
            files: 10_000,
            bytes: 256 << 20,
        }
    }
}

/// The files of one document: the root's first, and those that references lead to.
#[derive(Debug)]
pub(super) struct Files {
    files: Vec<File>,
    /// What is known under a URI: files, and in them the schemas that have an `$id`.
    resources: HashMap<String, At>,
    /// `$anchor`s and `$dynamicAnchor`s, by the resource they are in.
    anchors: HashMap<(At, String), At>,
    /// The `$dynamicAnchor`s of each resource that has any.
    dynamic: HashMap<At, Vec<(String, At)>>,
    /// What a URI leads to that isn't taken, and why.
    refused: HashMap<String, String>,
    finder: Finder,
}

#[derive(Debug)]
struct File {
    source: Arc<Source>,
    /// What stands in for the source's own tree, where the document was changed after reading.
    changed: Option<Tree>,
    uri: String,
    /// The schemas in it that have a URI of their own, in the order of the text.
    resources: Vec<Resource>,
}

/// A schema with an `$id` (JSON Schema core §8.2.1).
#[derive(Debug)]
struct Resource {
    node: u32,
    uri: String,
    /// The one around it.
    outer: Option<usize>,
}

impl File {
    fn tree(&self) -> Option<&Tree> {
        match &self.changed {
            Some(tree) => Some(tree),
            None => self.source.tree().ok(),
        }
    }
}

/// Whether `$id` and its like have a meaning in the files: in OpenAPI from 3.1 on.
pub(super) struct Loading<'l> {
    pub(super) names_count: bool,
    pub(super) reach: &'l Reach,
    /// The root document's path, where it has one.
    pub(super) path: Option<&'l Path>,
}

impl Files {
    /// The root document with everything that it refers to. What can't be had is known as such,
    /// and told to who asks for it.
    pub(super) fn load(root: Arc<Source>, changed: Option<Tree>, how: &Loading<'_>) -> Files {
        let folder = how
            .path
            .and_then(|path| path.canonicalize().ok())
            .filter(|path| path.is_file());
        let uri = match &folder {
            Some(path) => file_uri(path),
            None => "counterpart:///document".to_owned(),
        };
        let shown = root.name().to_owned();
        let finder = Finder {
            folder: folder.as_deref().and_then(Path::parent).map(Path::to_owned),
            shown: Path::new(&shown).parent().map(Path::to_owned),
            reach: how.reach.clone(),
        };
        let mut files = Files {
            files: Vec::new(),
            resources: HashMap::new(),
            anchors: HashMap::new(),
            dynamic: HashMap::new(),
            refused: HashMap::new(),
            finder,
        };
        let mut bytes = root.text().len();
        files.add(root, changed, uri, how.names_count);
        let mut read = 0;
        while read < files.files.len() {
            for uri in files.wanted(read) {
                if files.resources.contains_key(&uri) || files.refused.contains_key(&uri) {
                    continue;
                }
                let Reach {
                    files: most,
                    bytes: room,
                    ..
                } = *how.reach;
                if files.files.len() >= most || bytes > room {
                    let why = format!(
                        "is left out: the document has more than {most} files, or {room} bytes"
                    );
                    files.refused.insert(uri, why);
                    continue;
                }
                let source = files
                    .finder
                    .read(&uri)
                    .map(|source| Arc::new(source.numbered(files.files.len() as u32)));
                match source.and_then(|source| match source.tree() {
                    Ok(_) => Ok(source),
                    Err(error) => Err(format!("can't be read: {error}")),
                }) {
                    Ok(source) => {
                        bytes += source.text().len();
                        files.add(source, None, uri, how.names_count);
                    }
                    Err(why) => {
                        files.refused.insert(uri, why);
                    }
                }
            }
            read += 1;
        }
        files
    }

    fn add(&mut self, source: Arc<Source>, changed: Option<Tree>, uri: String, names_count: bool) {
        let number = self.files.len() as u32;
        let mut file = File {
            source,
            changed,
            uri: uri.clone(),
            resources: Vec::new(),
        };
        let place = |node| At { file: number, node };
        self.resources.insert(uri, place(0));
        let named = match file.tree() {
            Some(tree) if names_count => names(tree),
            _ => Vec::new(),
        };
        let (identified, anchored): (Vec<Named>, Vec<Named>) =
            named.into_iter().partition(|named| named.key.is_uri());
        for Named { holder, text, .. } in identified {
            let outer = file.innermost(holder);
            let base = outer.map_or(&file.uri, |outer| &file.resources[outer].uri);
            if let Some(uri) = absolute(base, &text) {
                self.resources.entry(uri.clone()).or_insert(place(holder));
                file.resources.push(Resource {
                    node: holder,
                    uri,
                    outer,
                });
            }
        }
        for Named { holder, key, text } in anchored {
            let resource = place(file.resource(holder).0);
            if key == Key::DynamicAnchor {
                let anchors = self.dynamic.entry(resource).or_default();
                anchors.push((text.clone(), place(holder)));
            }
            let anchor = self.anchors.entry((resource, text));
            anchor.or_insert(place(holder));
        }
        self.files.push(file);
    }

    /// The URIs that the references of a file lead out to.
    fn wanted(&self, file: usize) -> Vec<String> {
        let file = &self.files[file];
        let (mut wanted, mut known) = (Vec::new(), HashSet::new());
        let Some(tree) = file.tree() else {
            return wanted;
        };
        for reference in &tree.references {
            let Some(text) = tree.node(*reference).text() else {
                continue;
            };
            let (uri, _) = text.split_once('#').unwrap_or((&text, ""));
            if uri.is_empty() {
                continue;
            }
            // Most references lead where others do.
            let (resource, base) = file.resource(*reference);
            if known.insert((resource, uri.to_owned()))
                && let Some(uri) = absolute(base, uri)
            {
                wanted.push(uri);
            }
        }
        wanted
    }

    /// What stands in a file that is no document, named from `holder`: up to 1 MiB of it.
    pub(super) fn attachment(&self, holder: At, reference: &str) -> Result<Vec<u8>, String> {
        let base = self.files[holder.file as usize].resource(holder.node).1;
        let uri = absolute(base, reference)
            .ok_or_else(|| format!("`{reference}` is no URI reference"))?;
        let read = self.finder.attachment(&uri);
        read.map_err(|why| format!("`{reference}` {why}"))
    }

    /// The file of a number.
    pub(super) fn source(&self, file: u32) -> &Arc<Source> {
        &self.files[file as usize].source
    }

    /// The sources, the root document's first.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Arc<Source>> {
        self.files.iter().map(|file| &file.source)
    }

    /// The roots of the files, in the same order.
    pub(super) fn roots(&self) -> impl Iterator<Item = Node<'_>> {
        (0..self.files.len() as u32).map(|file| self.tree(file).root())
    }

    /// The tree of a file.
    pub(super) fn tree(&self, file: u32) -> &Tree {
        // A file whose text can't be read isn't among them.
        self.files[file as usize]
            .tree()
            .expect("every file that was added has a tree")
    }

    /// Whether a file was changed after it was read.
    pub(super) fn is_changed(&self) -> bool {
        self.files.iter().any(|file| file.changed.is_some())
    }

    /// The node at a place.
    pub(super) fn node(&self, at: At) -> Node<'_> {
        self.tree(at.file).node(at.node)
    }

    /// Where a reference leads that stands at `holder`.
    pub(super) fn target(&self, holder: At, reference: &str) -> Result<Node<'_>, String> {
        let file = &self.files[holder.file as usize];
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let resource = match uri {
            "" => At {
                file: holder.file,
                node: file.resource(holder.node).0,
            },
            uri => {
                let absolute = absolute(file.resource(holder.node).1, uri)
                    .ok_or_else(|| format!("`{reference}` is no URI reference"))?;
                match self.resources.get(&absolute) {
                    Some(at) => *at,
                    None => {
                        let why = self.refused.get(&absolute);
                        let why = why.map_or("isn't known here", String::as_str);
                        return Err(format!("`{uri}` {why}"));
                    }
                }
            }
        };
        let nothing = || format!("there is nothing at `{reference}`");
        let root = self.node(resource);
        let fragment = match fragment.contains('%') {
            true => Cow::Owned(decode_percent(fragment).map_err(|_| nothing())?),
            false => Cow::Borrowed(fragment),
        };
        if fragment.is_empty() {
            return Ok(root);
        }
        // Most pointers have nothing escaped, and are followed as they stand.
        if let Some(plain) = fragment.strip_prefix('/').filter(|way| !way.contains('~')) {
            return plain
                .split('/')
                .try_fold(root, |node, token| self.step(node, token))
                .ok_or_else(nothing);
        }
        if let Some(pointer) = Pointer::parse(&fragment) {
            return pointer
                .tokens()
                .try_fold(root, |node, token| self.step(node, &token))
                .ok_or_else(nothing);
        }
        let at = self
            .anchors
            .get(&(resource, fragment.into_owned()))
            .ok_or_else(nothing)?;
        Ok(self.node(*at))
    }

    /// A step of a pointer, through a reference where the next thing isn't there itself: pointers
    /// into what another reference brings are common, and mean one thing only.
    fn step<'t>(&'t self, node: Node<'t>, token: &str) -> Option<Node<'t>> {
        node.child(token).or_else(|| {
            let mut node = node;
            for _ in 0..20 {
                let reference = node.get("$ref")?;
                let text = reference.text()?;
                // A pointer through itself would lead nowhere.
                let (uri, fragment) = text.split_once('#').unwrap_or((&text, ""));
                if uri.is_empty() && fragment.is_empty() {
                    return None;
                }
                node = self.plain_target(reference.at(), &text)?;
                if let Some(child) = node.child(token) {
                    return Some(child);
                }
            }
            None
        })
    }

    /// Where a reference leads, by direct steps alone.
    fn plain_target(&self, holder: At, reference: &str) -> Option<Node<'_>> {
        let file = &self.files[holder.file as usize];
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let resource = match uri {
            "" => At {
                file: holder.file,
                node: file.resource(holder.node).0,
            },
            uri => *self
                .resources
                .get(&absolute(file.resource(holder.node).1, uri)?)?,
        };
        let pointer = Pointer::parse(&decode_percent(fragment).ok()?)?;
        let mut tokens = pointer.tokens();
        tokens.try_fold(self.node(resource), |node, token| node.child(&token))
    }

    /// Every text under `pattern`.
    pub(super) fn patterns(&self) -> impl Iterator<Item = Node<'_>> {
        let trees = self.files.iter().filter_map(File::tree);
        trees.flat_map(|tree| tree.patterns.iter().map(|pattern| tree.node(*pattern)))
    }

    /// Every value of a `format`.
    pub(super) fn formats(&self) -> impl Iterator<Item = Node<'_>> {
        let trees = self.files.iter().filter_map(File::tree);
        trees.flat_map(|tree| tree.formats.iter().map(|format| tree.node(*format)))
    }

    /// Every text of a reference.
    pub(super) fn references(&self) -> impl Iterator<Item = Node<'_>> {
        let trees = self.files.iter().filter_map(File::tree);
        trees.flat_map(|tree| tree.references.iter().map(|text| tree.node(*text)))
    }

    /// Whether anything in the files is for one side alone.
    pub(super) fn has_flags(&self) -> bool {
        let mut trees = self.files.iter().filter_map(File::tree);
        trees.any(|tree| tree.has_flags)
    }

    /// The resource that a place is in: a file, or a schema with an `$id`.
    pub(super) fn resource(&self, at: At) -> At {
        let (node, _) = self.files[at.file as usize].resource(at.node);
        At { node, ..at }
    }

    /// The schemas within files that have a URI of their own.
    pub(super) fn embedded(&self) -> impl Iterator<Item = At> {
        let files = (0..).zip(&self.files);
        files.flat_map(|(number, file)| {
            let resources = file.resources.iter().filter(|resource| resource.node > 0);
            resources.map(move |resource| At {
                file: number,
                node: resource.node,
            })
        })
    }

    /// Whether there is any `$dynamicAnchor`.
    pub(super) fn is_dynamic(&self) -> bool {
        !self.dynamic.is_empty()
    }

    /// The `$dynamicAnchor`s of a resource.
    pub(super) fn dynamic_anchors(&self, resource: At) -> &[(String, At)] {
        self.dynamic.get(&resource).map_or(&[], Vec::as_slice)
    }

    /// The URI of the file with a number.
    pub(super) fn uri(&self, file: u32) -> &str {
        &self.files[file as usize].uri
    }
}

impl File {
    /// The resource that a node is in: its node and its URI.
    fn resource(&self, node: u32) -> (u32, &str) {
        match self.innermost(node) {
            Some(number) => (self.resources[number].node, &self.resources[number].uri),
            None => (0, &self.uri),
        }
    }

    /// The number of the innermost schema with an `$id` that a node is in: the last one that
    /// begins before it, or one of those around that.
    fn innermost(&self, node: u32) -> Option<usize> {
        let tree = self.tree()?;
        let before = self.resources.partition_point(|r| r.node <= node);
        let mut number = before.checked_sub(1)?;
        while !tree.is_within(node, self.resources[number].node) {
            number = self.resources[number].outer?;
        }
        Some(number)
    }
}

/// Reads what URIs name, as far as that is allowed.
#[derive(Debug)]
struct Finder {
    /// The root document's folder, links resolved.
    folder: Option<PathBuf>,
    /// The same as people know it.
    shown: Option<PathBuf>,
    reach: Reach,
}

impl Finder {
    fn read(&self, uri: &str) -> Result<Source, String> {
        let real = self.path(uri)?;
        let ending = real.extension().and_then(|ending| ending.to_str());
        if ending.is_some_and(|ending| ["md", "html", "txt", "js", "ts", "py"].contains(&ending)) {
            return Err("is neither JSON nor YAML".to_owned());
        }
        Source::read(&real, &self.name(&real)).map_err(|error| error.message)
    }

    fn attachment(&self, uri: &str) -> Result<Vec<u8>, String> {
        let real = self.path(uri)?;
        if !real.is_file() {
            return Err("is not a regular file".to_owned());
        }
        let mut bytes = Vec::new();
        let read = std::fs::File::open(real)
            .and_then(|file| file.take(ATTACHMENT + 1).read_to_end(&mut bytes));
        match read {
            Err(error) => Err(format!("can't be read: {error}")),
            Ok(_) if bytes.len() as u64 > ATTACHMENT => Err("is larger than 1 MiB".to_owned()),
            Ok(_) => Ok(bytes),
        }
    }

    /// The path that a URI names, links resolved.
    fn path(&self, uri: &str) -> Result<PathBuf, String> {
        let path = match uri.strip_prefix("file://") {
            Some(path) => PathBuf::from(decode_percent(path).map_err(|_| "is no path")?),
            None if uri.starts_with("counterpart:") => {
                return Err("can't be found: this document stands in no folder".to_owned());
            }
            None if !uri.contains("://") => return Err("isn't known here".to_owned()),
            None => self.stand_in(uri)?,
        };
        let real = match path.canonicalize() {
            Ok(real) => real,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err("is not there".to_owned());
            }
            Err(error) => return Err(format!("can't be read: {error}")),
        };
        if !self.is_allowed(&real) {
            return Err(format!(
                "leads out of the document's folder: start with `--allow-ref {}` to read it",
                real.display()
            ));
        }
        Ok(real)
    }

    /// The local file that stands in for a URL.
    fn stand_in(&self, uri: &str) -> Result<PathBuf, String> {
        let mappings = self
            .reach
            .allowed
            .iter()
            .filter_map(|allowed| allowed.split_once('='));
        for (prefix, folder) in mappings {
            if let Some(rest) = uri.strip_prefix(prefix) {
                let rest = decode_percent(rest).map_err(|_| "is no path")?;
                return Ok(Path::new(folder).join(rest.trim_start_matches('/')));
            }
        }
        Err(
            "is on the network, from which nothing is fetched: keep a copy, and start with \
             `--allow-ref URL-PREFIX=FOLDER`"
                .to_owned(),
        )
    }

    fn is_allowed(&self, real: &Path) -> bool {
        let below = |folder: &Path| real.starts_with(folder);
        let allowed = self.reach.allowed.iter().map(|allowed| {
            let path = allowed
                .split_once('=')
                .map_or(allowed.as_str(), |(_, folder)| folder);
            Path::new(path).canonicalize()
        });
        self.folder.as_deref().is_some_and(below)
            || allowed.flatten().any(|allowed| below(&allowed))
    }

    /// The name that people are shown: from where the root document was named.
    fn name(&self, real: &Path) -> String {
        let inner = self
            .folder
            .as_deref()
            .and_then(|folder| real.strip_prefix(folder).ok());
        match (inner, &self.shown) {
            (Some(inner), Some(shown)) => shown.join(inner).display().to_string(),
            (Some(inner), None) => inner.display().to_string(),
            _ => real.display().to_string(),
        }
    }
}

/// A reference without fragment as an absolute URI (RFC 3986 §5).
fn absolute(base: &str, reference: &str) -> Option<String> {
    let reference = reference.split('#').next().unwrap_or("");
    let encoded = encoded(reference);
    let reference = UriRef::parse(encoded.as_str()).ok()?;
    let base = Uri::parse(base).ok()?;
    let base = base.strip_fragment();
    let uri = reference.resolve_against(&base).ok()?;
    Some(uri.normalize().to_string())
}

/// What may not stand in a URI as it is, percent-encoded; what is encoded stays so.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '}' | '|' => {
                out.push_str(&format!("%{:02X}", c as u32));
            }
            c if c.is_ascii_graphic() => out.push(c),
            c => {
                let mut buffer = [0; 4];
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
        }
    }
    out
}

fn file_uri(path: &Path) -> String {
    let text = path.display().to_string().replace('%', "%25");
    let text = text
        .replace('#', "%23")
        .replace('?', "%3F")
        .replace('\\', "/");
    let text = encoded(&text).replace("%5C", "/");
    let slash = if text.starts_with('/') { "" } else { "/" };
    let uri = format!("file://{slash}{text}");
    Uri::parse(uri.as_str()).map_or(uri.clone(), |uri| uri.normalize().to_string())
}
