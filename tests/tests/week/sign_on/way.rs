//! The way to the provider and back, as a browser goes it.

use reqwest::header;
use tests::server::Client;

/// How people reach the server, as far as the provider knows.
pub const PUBLIC: &str = "https://gongxun.example";

/// Status, where it leads, and the page.
pub async fn get(client: &Client, address: &str) -> (u16, String, String) {
    let reply = client.http.get(address).send().await.expect("an answer");
    let to = reply.headers().get(header::LOCATION);
    let to = to.map(|to| to.to_str().expect("text").to_owned()).unwrap_or_default();
    (reply.status().as_u16(), to, reply.text().await.unwrap_or_default())
}

/// Sets out, is sent on by the provider, and says where that leads back to on the server.
pub async fn there(client: &Client, query: &str) -> String {
    let (status, to, page) = get(client, &format!("{}/sign-on{query}", client.url)).await;
    assert_eq!(status, 303, "{page}");
    let (status, back, why) = get(client, &to).await;
    assert_eq!(status, 302, "{why}");
    let path = back.strip_prefix(PUBLIC).expect("it leads back to the public address");
    format!("{}{path}", client.url)
}

/// There and back.
pub async fn round_trip(client: &Client, query: &str) -> (u16, String, String) {
    let back = there(client, query).await;
    get(client, &back).await
}

pub async fn post(client: &Client, path: &str, fields: &[(&str, &str)]) -> (u16, String, String) {
    let sent = client.http.post(format!("{}{path}", client.url)).form(fields).send();
    let reply = sent.await.expect("an answer");
    let to = reply.headers().get(header::LOCATION);
    let to = to.map(|to| to.to_str().expect("text").to_owned()).unwrap_or_default();
    (reply.status().as_u16(), to, reply.text().await.unwrap_or_default())
}

/// The value of a hidden field.
pub fn hidden(page: &str, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    let rest = page
        .split(&field)
        .nth(1)
        .unwrap_or_else(|| panic!("no {name} in {page}"));
    rest.split('"').next().expect("a value").to_owned()
}

/// Links what the provider proves to somebody who is signed in, as a browser does it.
pub async fn linked(client: &Client, password: &str) -> (u16, String, String) {
    let (status, to, page) = round_trip(client, "?link=1").await;
    assert_eq!((status, to.as_str()), (303, "/account"), "{page}");
    let (_, page) = client.page("/account").await;
    let (ticket, key) = (hidden(&page, "ticket"), hidden(&page, "key"));
    let fields = [("key", key.as_str()), ("ticket", &ticket), ("password", password)];
    post(client, "/account/identity/link", &fields).await
}
