//! Files that are written whole, or not at all.

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Writes a file: who reads it meanwhile sees the old one or the new one, and where there is no room
/// for it the old one stays, and nothing beside it.
pub(super) fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    // A pipe or a terminal has no other in its place.
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return fs::write(path, text);
    }
    let mut beside = OsString::from(path);
    beside.push(format!(".{}", std::process::id()));
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    let Err(why) = written else {
        return Ok(());
    };
    let _ = fs::remove_file(&beside);
    match why.kind() {
        // Only the file itself may be written to, as one that is mounted alone.
        ErrorKind::PermissionDenied | ErrorKind::ResourceBusy => fs::write(path, text),
        _ => Err(why),
    }
}

/// Takes a file away, and sees to it that there can be one. None is made in its place even for a
/// moment, as others wait for it to be there.
pub(super) fn clear(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(there) if !there.is_file() => return Ok(()),
        Ok(_) => {
            // Where it can't be taken away it can be written still, as one that is mounted alone.
            let emptied = |_| fs::File::create(path).map(drop);
            return fs::remove_file(path).or_else(emptied);
        }
        Err(_) => {}
    }
    let mut beside = OsString::from(path);
    beside.push(format!(".{}", std::process::id()));
    fs::File::create(&beside)?;
    fs::remove_file(&beside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_there_whole_or_as_it_was() {
        let folder = std::env::temp_dir().join(format!("counterpart-whole-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join("a.json");
        write_whole(&file, "one").expect("written");
        write_whole(&file, "two").expect("written again");
        assert_eq!(fs::read_to_string(&file).expect("a file"), "two");
        assert!(write_whole(&folder.join("no/a.json"), "x").is_err());
        let all = fs::read_dir(&folder).expect("a folder").count();
        fs::remove_dir_all(&folder).expect("removed");
        assert_eq!(all, 1);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_no_file_is_written_to_and_a_full_disk_is_told() {
        write_whole(Path::new("/dev/null"), "x").expect("taken");
        let full = write_whole(Path::new("/dev/full"), "x");
        assert_eq!(full.map_err(|why| why.kind()), Err(ErrorKind::StorageFull));
    }
}
