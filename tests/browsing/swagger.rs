use super::browser::Browser;
use crate::raw::serve_shipped;
use counterpart::server::ServerConfig;

#[test]
#[ignore = "needs Chromium"]
fn swagger_ui_shows_the_operations_and_complains_of_nothing() {
    let served = serve_shipped(ServerConfig::default());
    let base = served.server.url();
    let mut page = Browser::start();
    page.go(&format!("{base}/_counterpart/swagger/"));
    page.until("document.querySelector('.opblock')");
    let named = page.text(".topbar");
    for name in ["Live sessions (live)", "counterpart control plane"] {
        assert!(named.contains(name), "{named}");
    }
    assert_eq!(page.complaints, [""; 0]);
    let is_own = |url: &&String| url.starts_with(&base) || url.starts_with("data:");
    let others: Vec<&String> = page.asked.iter().filter(|url| !is_own(url)).collect();
    assert!(others.is_empty(), "{others:?}");
}
