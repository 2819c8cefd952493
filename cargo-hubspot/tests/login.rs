//! Runs `cargo hubspot login` against hubspot-mock: its output, the stored tokens and the status. Plain requests replace the
//! user's browser.

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use hubspot_generated::oauth::{FileStore, TokenKey, TokenStore as _};
use hubspot_mock::{App, MockHubSpot};
use tempfile::TempDir;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const SECRET: &str = "the-secret-of-the-app";

/// A mock with one app and one account, and a project with an app file.
struct Scene {
    hubspot: MockHubSpot,
    folder: TempDir,
    redirect_uri: String,
}

impl Scene {
    async fn new() -> Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?
            .local_addr()?
            .port();
        let redirect_uri = format!("http://localhost:{port}/callback");
        let hubspot = MockHubSpot::start().await?;
        hubspot.register(
            App::new("the-app", SECRET)
                .redirect_uri(redirect_uri.as_str())
                .required(["oauth", "crm.objects.contacts.read"])
                .optional(["crm.objects.companies.read"]),
        )?;
        hubspot
            .account("acme")
            .lacks(["crm.objects.companies.read"]);
        let scene = Self {
            hubspot,
            folder: TempDir::new()?,
            redirect_uri,
        };
        scene.write_app_file("oauth", &[scene.redirect_uri.as_str()])?;
        Ok(scene)
    }

    fn write_app_file(&self, kind: &str, redirect_urls: &[&str]) -> Result {
        let auth = if kind == "static" {
            serde_json::json!({ "type": kind, "requiredScopes": ["crm.objects.contacts.read"] })
        } else {
            serde_json::json!({
                "type": kind,
                "redirectUrls": redirect_urls,
                "requiredScopes": ["oauth", "crm.objects.contacts.read"],
                "optionalScopes": ["crm.objects.companies.read"],
            })
        };
        let config = serde_json::json!({ "auth": auth });
        let file = serde_json::json!({ "uid": "the-app", "type": "app", "config": config });
        let folder = self.folder.path().join("src/app");
        std::fs::create_dir_all(&folder)?;
        Ok(std::fs::write(
            folder.join("app-hsmeta.json"),
            file.to_string(),
        )?)
    }

    fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self) -> Command {
        let mut command = self.command_without_key();
        command.arg("--key-file").arg(self.place("keys/token.key"));
        command
    }

    fn command_without_key(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-hubspot"));
        command
            .args([
                "hubspot",
                "login",
                "--no-browser",
                "--client-id",
                "the-app",
                "--hubspot",
            ])
            .arg(self.hubspot.url())
            .arg("--store")
            .arg(self.place("kept/tokens.json"))
            .env("HUBSPOT_CLIENT_SECRET", SECRET)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The status and standard error of a program that ends without waiting for the user.
    fn refused(&self, change: impl FnOnce(&mut Command)) -> Result<(Option<i32>, String)> {
        let mut command = self.command();
        change(&mut command);
        let output = command.output()?;
        let here = self.folder.path().display().to_string();
        let said = String::from_utf8(output.stderr)?.replace(&here, "HERE");
        Ok((output.status.code(), said))
    }
}

/// The program while it waits for the user.
struct Waiting {
    program: Child,
    out: BufReader<ChildStdout>,
    address: String,
}

impl Waiting {
    fn start(scene: &Scene) -> Result<Self> {
        let mut program = scene.command().spawn()?;
        let mut out = BufReader::new(program.stdout.take().ok_or("no output")?);
        let mut line = String::new();
        out.read_line(&mut line)?;
        let address = line
            .strip_prefix("Open in a browser: ")
            .ok_or(line.as_str())?;
        let address = address.trim_end().to_owned();
        Ok(Self {
            program,
            out,
            address,
        })
    }

    /// The status, the rest of the output, and standard error.
    fn end(mut self) -> Result<(Option<i32>, String, String)> {
        use std::io::Read as _;
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out)?;
        let mut errors = self.program.stderr.take().ok_or("no errors")?;
        errors.read_to_string(&mut err)?;
        Ok((self.program.wait()?.code(), out, err))
    }
}

/// Follows the link like a browser, submits the consent page, and returns the last page.
async fn answer(address: &str, decision: &str) -> Result<(u16, String)> {
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let start = browser.get(address).send().await?;
    let cookie = header(&start, "set-cookie")?;
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    let consent_page = header(&start, "location")?;
    let page = browser.get(&consent_page).send().await?.text().await?;
    let nonce = page
        .split_once(r#"name="nonce" value=""#)
        .and_then(|(_, rest)| rest.split('"').next())
        .ok_or("the consent page has no form")?;
    let form = format!("nonce={nonce}&decision={decision}");
    let answered = browser
        .post(&consent_page)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await?;
    let back = header(&answered, "location")?;
    let end = browser.get(&back).header("cookie", cookie).send().await?;
    Ok((end.status().as_u16(), end.text().await?))
}

fn header(answer: &reqwest::Response, name: &str) -> Result<String> {
    let value = answer.headers().get(name).ok_or(format!("no {name}"))?;
    Ok(value.to_str()?.to_owned())
}

fn kept(place: &Path) -> Option<Vec<u8>> {
    std::fs::read(place).ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_user_grants_and_the_tokens_are_kept() -> Result {
    let scene = Scene::new().await?;
    let hub_id = scene.hubspot.account("acme").hub_id();
    let waiting = Waiting::start(&scene)?;
    let (status, page) = answer(&waiting.address, "grant").await?;
    assert_eq!(status, 200);
    assert!(page.contains("Connected"), "{page}");
    assert!(page.contains(&hub_id.to_string()), "{page}");

    let (code, out, err) = waiting.end()?;
    assert_eq!(err, "");
    assert_eq!(code, Some(0));
    let here = scene.folder.path().display().to_string();
    assert_eq!(
        out.replace(&here, "HERE"),
        format!(
            "Account {hub_id} is connected.\n   granted: crm.objects.contacts.read, oauth\n   not granted (optional): \
             crm.objects.companies.read\n   tokens: HERE/kept/tokens.json, encrypted\n   key: HERE/keys/token.key\n"
        )
    );

    let store = FileStore::open(
        scene.place("kept/tokens.json"),
        TokenKey::from_file(scene.place("keys/token.key"))?,
    )?;
    let record = Arc::new(store).load(hub_id).await?.ok_or("nothing kept")?;
    assert_eq!(record.scopes, ["crm.objects.contacts.read", "oauth"]);
    let token = record.access_token.expose_secret();
    assert!(!out.contains(token) && !page.contains(token));
    let text = String::from_utf8(kept(&scene.place("kept/tokens.json")).unwrap_or_default())?;
    assert!(!text.contains(token) && !text.contains(record.refresh_token.expose_secret()));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_user_denies_and_nothing_is_kept() -> Result {
    let scene = Scene::new().await?;
    let waiting = Waiting::start(&scene)?;
    let (status, page) = answer(&waiting.address, "deny").await?;
    assert_eq!(status, 403);
    assert!(page.contains("Not connected"), "{page}");
    let (code, out, err) = waiting.end()?;
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(
        err.starts_with("error: the app was not connected: ") && err.contains("access_denied"),
        "{err}"
    );
    assert_eq!(kept(&scene.place("kept/tokens.json")), None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_at_the_callback_does_not_end_the_login() -> Result {
    let scene = Scene::new().await?;
    let waiting = Waiting::start(&scene)?;
    for forged in [
        "code=stolen&state=guessed",
        "code=stolen",
        "error=access_denied",
        "error=access_denied&error_description=Call+0800&state=guessed",
        "error=access_denied&error=access_denied",
        "",
    ] {
        let answered = reqwest::get(format!("{}?{forged}", scene.redirect_uri)).await?;
        assert_eq!(answered.status().as_u16(), 400, "{forged}");
        assert!(!answered.text().await?.contains("0800"));
    }
    let (status, _) = answer(&waiting.address, "grant").await?;
    assert_eq!(status, 200);
    assert_eq!(waiting.end()?.0, Some(0));
    Ok(())
}

/// Runs a login, grants access, and returns the status and standard error of the program.
#[cfg(unix)]
async fn log_in(mut command: Command) -> Result<(Option<i32>, String)> {
    let mut program = command.spawn()?;
    let mut out = BufReader::new(program.stdout.take().ok_or("no output")?);
    let mut line = String::new();
    out.read_line(&mut line)?;
    if let Some(address) = line.strip_prefix("Open in a browser: ") {
        answer(address.trim_end(), "grant").await?;
    }
    let output = program.wait_with_output()?;
    Ok((output.status.code(), String::from_utf8(output.stderr)?))
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_folder_of_the_key_is_closed_to_others() -> Result {
    use std::fs::{Permissions, create_dir, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| metadata(path).map(|found| found.permissions().mode() & 0o777);

    let scene = Scene::new().await?;
    let (code, err) = log_in(scene.command()).await?;
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(mode(&scene.place("keys"))?, 0o700);
    assert_eq!(mode(&scene.place("keys/token.key"))?, 0o600);
    assert_eq!(mode(&scene.place("kept"))?, 0o700);
    assert_eq!(mode(&scene.place("kept/tokens.json.lock"))?, 0o600);

    // The program's own folder is closed to others.
    let config = scene.place("config");
    create_dir(&config)?;
    create_dir(config.join("cargo-hubspot"))?;
    set_permissions(config.join("cargo-hubspot"), Permissions::from_mode(0o755))?;
    std::fs::remove_dir_all(scene.place("kept"))?;
    let mut command = scene.command_without_key();
    command
        .env_remove("HUBSPOT_TOKEN_KEY")
        .env("XDG_CONFIG_HOME", &config);
    let (code, err) = log_in(command).await?;
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(mode(&config.join("cargo-hubspot"))?, 0o700);

    // The permissions of other folders are not changed, and no key is created there.
    let open = scene.place("open");
    create_dir(&open)?;
    set_permissions(&open, Permissions::from_mode(0o755))?;
    let mut command = scene.command_without_key();
    command.arg("--key-file").arg(open.join("token.key"));
    let (code, err) = log_in(command).await?;
    assert_eq!(code, Some(2), "{err}");
    assert!(
        err.contains("is open to other users") && err.contains("chmod 700"),
        "{err}"
    );
    assert_eq!(mode(&open)?, 0o755);
    assert!(!open.join("token.key").exists());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_log_in_is_refused_with_the_reason() -> Result {
    let scene = Scene::new().await?;
    let (code, said) = scene.refused(|command| {
        command.args(["--timeout", "0"]);
    })?;
    assert_eq!(code, Some(2));
    assert_eq!(
        said,
        "error: nobody came back from HubSpot within 0 seconds; nothing has changed\n"
    );

    let (_, said) = scene.refused(|command| {
        command.env_remove("HUBSPOT_CLIENT_SECRET");
    })?;
    assert_eq!(
        said,
        "error: the environment variable `HUBSPOT_CLIENT_SECRET` does not hold the app's client secret: environment \
         variable not found\n"
    );

    scene.write_app_file("oauth", &["https://app.example.com/callback"])?;
    let (_, said) = scene.refused(|_| ())?;
    assert_eq!(
        said,
        "error: `./src/app/app-hsmeta.json` gives nothing to log in with: its `redirectUrls` list no address on \
         localhost: add one such as `http://localhost:3000/callback`, and upload the project\n"
    );

    scene.write_app_file("static", &[])?;
    let (_, said) = scene.refused(|_| ())?;
    assert_eq!(
        said,
        "error: `./src/app/app-hsmeta.json` describes an app with `static` auth: its token is in the app's settings, \
         and no login is needed\n"
    );

    std::fs::write(scene.place("src/app/app-hsmeta.json"), "{")?;
    let (_, said) = scene.refused(|_| ())?;
    assert_eq!(
        said,
        "error: `./src/app/app-hsmeta.json` is not JSON: EOF while parsing an object, at line 1 column 1\n"
    );

    std::fs::remove_dir_all(scene.place("src"))?;
    let (code, said) = scene.refused(|_| ())?;
    assert_eq!(code, Some(2));
    assert_eq!(
        said,
        "error: there is no app-hsmeta.json below this folder; name it with --app-file\n"
    );
    Ok(())
}
