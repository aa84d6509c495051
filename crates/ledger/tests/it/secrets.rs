//! Command lines and inputs with a secret somewhere, and ones that only look so.

use placet_ledger::{ActionLine, AuditFilter, RecordedDecision, Would};
use placet_model::{Action, ActionKind, Resource, Verdict};
use serde_json::{Value, json};

use crate::support::{decision, record, redactor};

/// Stands for the secret in a row.
const SECRET: &str = "Zq7Xw9Kp3Lm5Rt8Vn2";

/// `@` is where the secret is.
const HIDDEN: &[&str] = &[
    // Names of variables.
    "TOKEN=@ run",
    "TOKEN='@' run",
    "TOKEN=\"@\" run",
    "export API_TOKEN=@",
    "export DB_PASS=@; run",
    "echo DB_PASS=@",
    "echo \"DB_PASS=@\" >> .env",
    "printf 'SECRET_KEY=%s' @; SECRET_KEY=@",
    "declare -x GITHUB_TOKEN=@",
    "env GH_TOKEN=@ gh pr list",
    "env -i NPM_TOKEN='@' npm publish",
    "PASS\\\nWORD=@ ls",
    "PGPASSWORD=@ psql -h db",
    "MYSQL_PWD=@ mysql -u root",
    "dbPass=@",
    "SMTP_PW=@ ./send",
    "docker run -e DB_PASSWORD=@ pg",
    "docker run --env 'API_KEY=@' app",
    "docker build --build-arg NPM_TOKEN=@ .",
    "TOKEN='@'; echo $TOKEN; curl https://x/@",
    "echo @; TOKEN=@",
    "X=@; PASSWORD=$X; PASSWORD=@ run",
    "set PASSWORD=@",
    "setenv AWS_SECRET_ACCESS_KEY=@",
    "ENCRYPTION_KEY=@ rails s",
    "signing_key=@",
    "TOKEN=Zq7'@'",
    "TOKEN=\"a\"'@'",
    // Options by name.
    "tool --password @",
    "tool --password=@",
    "tool --password \"@\"",
    "tool --password '@ with blanks'",
    "tool --api-key @ x",
    "tool -password @",
    "tool --client-secret=@",
    "tool --auth-token '@'",
    "tool --access-token $'@'",
    "mvn deploy -Dgpg.passphrase=@",
    "gradle publish -Psigning.password=@",
    "ansible-playbook -e 'ansible_password=@' x.yml",
    "terraform apply -var 'db_password=@'",
    "terraform apply -var=db_password=@",
    "helm upgrade x . --set auth.password=@",
    "vercel --token @",
    "npm publish --otp=@",
    "jarsigner -storepass @ a.jar k",
    // Programs.
    "aws configure set aws_secret_access_key @",
    "aws --profile x configure set default.aws_session_token '@'",
    "aws secretsmanager create-secret --name n --secret-string @",
    "aws ssm put-parameter --name /x --type SecureString --value @",
    "npm config set //registry.npmjs.org/:_authToken @",
    "npm config set //registry.npmjs.org/:_authToken=@",
    "gh secret set N --body @",
    "gh secret set N --body=@",
    "gh secret set N -b@",
    "gh secret set N -b '@'",
    "gh secret set N <<< @",
    "echo @ | gh secret set N",
    "gh auth login --with-token <<< \"@\"",
    "kubectl create secret generic x --from-literal=k=@",
    "kubectl -n prod create secret generic x --from-literal k=@",
    "kubectl create secret docker-registry r --docker-password=@",
    "curl -b 'session=@' https://x",
    "curl --cookie 'a=1; sid=@' https://x",
    "curl -u bob:@ https://x",
    "curl -ubob:@ https://x",
    "curl --user 'bob:@' https://x",
    "curl -H 'Authorization: Bearer @' https://x",
    "curl -H \"X-Api-Key: @\" https://x",
    "curl -H 'Authorization: token @' https://x",
    "curl -d 'password=@' https://x",
    "curl -d '{\"password\": \"@\"}' https://x",
    "curl --oauth2-bearer @ https://x",
    "curl 'https://x/?access_token=@&b=1'",
    "curl https://u:@@x/",
    "curl 'https://x/y?sig=@'",
    "sudo -u db psql -c \"ALTER USER x WITH PASSWORD '@'\"",
    "mysql -e \"CREATE USER x IDENTIFIED BY '@'\"",
    "mysql -uroot -p@ db",
    "mysql -uroot -p'@' db",
    "docker exec db mysql -p@",
    "bash -c 'mysql -p@ db'",
    "ssh host \"mysql -p@ db\"",
    "mysqladmin -u root password @",
    "psql postgres://u:@@db/x",
    "psql 'host=db password=@'",
    "mongosh 'mongodb+srv://u:@@h/x'",
    "mongodump -u u -p @",
    "redis-cli -a @ get x",
    "redis-cli config set requirepass @",
    "redis-cli -u redis://:@@h",
    "python3 -c 'import os; os.environ[\"DB_PASSWORD\"]=\"@\"'",
    "python3 -c 'os.environ.setdefault(\"DB_PASSWORD\", \"@\")'",
    "node -e 'process.env.API_TOKEN = \"@\"'",
    "python3 <<E\npassword = '@'\nE",
    "ssh-keygen -t ed25519 -N @ -f k",
    "ssh-keygen -p -P '@' -N '' -f k",
    "htpasswd -b f u @",
    "htpasswd -nbB u @",
    "sudo -S <<< @",
    "sudo -S ls <<< '@'",
    "echo @ | sudo -S ls",
    "echo '@' | sudo -S apt update",
    "printf '%s\\n' @ | sudo -S ls",
    "read -r PASS <<< @",
    "echo @ | docker login -u x --password-stdin",
    "docker login -u x --password-stdin <<< @",
    "docker login -u x --password-stdin <<EOF\n@\nEOF",
    "docker login -u x -p @ r.io",
    "podman login r.io -u x -p@",
    "twine upload -p @ dist/x",
    "twine upload -u __token__ -p @ dist/x",
    "poetry publish -u x -p @",
    "poetry config pypi-token.pypi @",
    "uv publish -t @",
    "cargo login @",
    "az login --service-principal -u a -p @ --tenant t",
    "az storage blob list --account-key @",
    "az keyvault secret set --vault-name v --name n --value @",
    "openssl passwd @",
    "openssl passwd -6 '@'",
    "openssl enc -aes-256-cbc -k @ -in a",
    "openssl rsa -passin pass:@ -in k",
    "gpg --batch --passphrase @ -c f",
    "zip -P @ a.zip b",
    "7z x -p@ a.7z",
    "sshpass -p @ ssh h",
    "sshpass -p'@' ssh h",
    "smbclient //h/s -U 'u%@'",
    "lftp -u u,@ ftp://h",
    "ldapsearch -x -w @ -D cn=x",
    "sqlcmd -S h -U sa -P @",
    "rabbitmqctl add_user u @",
    "vault login @",
    "vault kv put secret/x k=@",
    "fly secrets set X=@",
    "heroku config:set X=@",
    "doppler secrets set X @",
    "pulumi config set --secret dbPassword @",
    "mc alias set n https://h AKEY123 @",
    "nmcli dev wifi connect ssid password @",
    "echo 'u:@' | chpasswd",
    "chpasswd <<< 'u:@'",
    "rclone obscure @",
    "keytool -genkey -storepass @ -keypass @",
    "git config --global http.extraheader 'AUTHORIZATION: bearer @'",
    "git clone https://oauth2:@@gitlab.com/a/b",
    "git remote set-url origin https://@@github.com/a/b",
    "curl https://hooks.slack.com/services/T01AB2CD3/B04EF5GH6/@",
    "curl https://discord.com/api/webhooks/123456789012345678/@",
    "TOKEN=$(echo @) run",
    "tool --password $(printf %s @) x",
    "TOKEN=\"$(echo @)\" run",
    "TOKEN=$(echo @ | tr a b) run",
    "keytool -storepass abcdef1234 -keypass @",
    "printf 'machine h login u password @' > ~/.netrc",
    "cat > .env <<E\nDB_PASSWORD=@\nE",
    "bash <<E\nmysql -p@ db\nE",
    "bash -c \"bash -c 'curl -u a:@ https://x'\"",
    "timeout 5 sshpass -p @ ssh h",
    "x=$(curl -u a:@ https://x) && echo done",
    "cat <(curl -u a:@ https://x) b",
    "for h in a b; do sshpass -p @ ssh $h; done",
    "if true; then redis-cli -a @; fi",
    "AccountKey=@;EndpointSuffix=core",
    "Server=db;User Id=sa;Password=@;",
];

/// Rows that show all of themselves.
const SHOWN: &[&str] = &[
    "git checkout 3f9a0c81d2e44b0c9a7d6e5f4c3b2a1908f7e6d5",
    "git cherry-pick 3f9a0c8",
    "git show HEAD~3:src/token.rs",
    "git log --author=bob --since=2026-01-01",
    "git commit -m 'rotate the token and the password'",
    "git config user.name bob",
    "git config credential.helper store",
    "git push origin feature/secret-rotation",
    "git diff --stat main...secrets",
    "git rebase --onto main 0123456789abcdef0123456789abcdef01234567",
    "docker run -p 8080:80 nginx",
    "docker pull nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "docker login --password-stdin registry.example.com",
    "docker exec -it db psql -U app -d main",
    "docker build -t app:1.2.3-rc1 --build-arg VERSION=1.2.3 .",
    "mkdir -p src/auth/token",
    "cp -p a b",
    "cat src/password_reset.rs tests/token_test.py",
    "cat /run/secrets/db",
    "grep -rn password src/",
    "grep -rn \"api_key\" --include='*.ts'",
    "grep -E 'token|secret' README.md",
    "rg -n 'SECRET_KEY' config",
    "curl https://example.com/a/b?page=2&sort=asc",
    "curl -o out.json https://api.example.com/v1/items/123e4567-e89b-12d3-a456-426614174000",
    "curl -b cookies.txt https://x",
    "curl -u bob https://x",
    "curl -H 'Accept: application/json' https://x",
    "curl -H 'Content-Type: application/json' -d '{\"id\": 123}' https://x",
    "npm install --save-dev @types/node@20.11.5",
    "npm config set registry https://registry.example.com/",
    "npm run build -- --max-old-space-size=4096",
    "npx tsc --noEmit -p tsconfig.json",
    "cargo test -p ledger -- --nocapture",
    "cargo build --features auth,token",
    "cargo add serde_json@1.0.128",
    "python3 -m pytest tests/test_auth.py -k 'token and not slow'",
    "python3 -c 'print(1 + 2)'",
    "pip install cryptography==42.0.5",
    "go test ./internal/secrets/...",
    "kubectl get secret db -o yaml",
    "kubectl create secret generic x --from-file=key=./key.pem",
    "kubectl -n prod get pods web-7d4b9c6f8-x2v9q",
    "terraform plan -var-file=prod.tfvars",
    "ssh -i ~/.ssh/id_ed25519 bob@host",
    "ssh-keygen -l -f k.pub",
    "scp -P 2222 a host:b",
    "rsync -avz --delete src/ host:dst/",
    "tar -xzf a.tar.gz --strip-components=1",
    "openssl x509 -in cert.pem -noout -text",
    "openssl enc -d -pass file:key.txt -in a",
    "sort -k 2 -t , a.csv",
    "sed -i 's/token/key/' a.txt",
    "ls -la ~/.config/gh",
    "psql -p 5432 -h db",
    "mysql -p -h db",
    "redis-cli -p 6380 get session:1",
    "tool --password-file ./pw.txt --token-type bearer",
    "tool --secret-name prod/db --key-file k.pem",
    "max_tokens=4096 run",
    "PASSWORD=$PASSWORD run",
    "PASSWORD=\"${DB_PASSWORD}\" run",
    "TOKEN=$(gh auth token) run",
    "TOKEN=\"$(cat token.txt)\" run",
    "PASSWORD_FILE=/run/secrets/db run",
    "echo $API_TOKEN | wc -c",
    "key=value other=thing run",
    "cache-key=linux-0123456789abcdef0123456789abcdef",
    "session=123e4567-e89b-12d3-a456-426614174000 run",
    "KEYBOARD=us run",
    "echo don't panic, it's the token",
    "BYPASS=1 COMPASS=north run",
    "sha256sum a && echo 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "aws s3 cp s3://bucket/key.json . --profile dev",
    "aws configure set region eu-central-1",
    "gh api repos/a/b/actions/secrets",
    "gh pr create --title 'add auth token refresh' --body 'keeps the session alive'",
    "uuidgen; echo 123e4567-e89b-12d3-a456-426614174000",
    "make -j8 CFLAGS=-O2 PREFIX=/usr/local",
    "find . -name '*.pem' -newer key.pem",
];

#[test]
fn enough_rows() {
    assert!(HIDDEN.len() >= 120 && SHOWN.len() >= 60, "{} {}", HIDDEN.len(), SHOWN.len());
}

#[test]
fn a_secret_in_a_command_is_in_no_part_of_its_record() {
    let mut failures = Vec::new();
    for row in HIDDEN {
        // What stands before the last `@` of `u:@@h` is the secret, the last belongs to the URL.
        let command = row
            .replace("@@", "\u{1}@")
            .replace('@', SECRET)
            .replace(&format!("\u{1}{SECRET}"), &format!("{SECRET}@"));
        let payload = record(0, &command, Verdict::Allow).payload(&redactor(), &AuditFilter::default());
        let text = payload.to_string();
        if text.contains(SECRET) || text.contains(&SECRET[4..]) {
            failures.push(format!("{row}\n   {}", payload["input"]["command"]));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), HIDDEN.len(), failures.join("\n"));
}

#[test]
fn ordinary_commands_stay_readable() {
    let mut failures = Vec::new();
    for row in SHOWN {
        let shown = redactor().text(row);
        if shown != *row {
            failures.push(format!("{row}\n   {shown}"));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), SHOWN.len(), failures.join("\n"));
}

#[test]
fn what_surrounds_a_secret_stays() {
    for (command, shown) in [
        ("gh secret set N --body Zq7Xw9Kp3L", "gh secret set N --body [redacted:argument:"),
        ("curl -u bob:Zq7Xw9Kp3L https://x.y/z", "] https://x.y/z"),
        ("curl -u bob:Zq7Xw9Kp3L https://x.y/z", "curl -u bob:[redacted:"),
        ("A=1 TOKEN='Zq7Xw9Kp3L' run -v", "A=1 TOKEN='[redacted:"),
        ("A=1 TOKEN='Zq7Xw9Kp3L' run -v", "]' run -v"),
        ("curl 'https://x/?token=Zq7Xw9Kp3L&b=1'", "&b=1'"),
        ("docker run -e A=1 -e B_TOKEN=Zq7Xw9Kp3L app:1", "] app:1"),
        ("{\"password\": \"Zq7Xw9Kp3L\", \"user\": \"bob\"}", ", \"user\": \"bob\"}"),
    ] {
        let text = redactor().text(command);
        assert!(text.contains(shown), "{command}\n{text}");
    }
}

/// Inputs of other tools.
#[test]
fn a_secret_in_the_input_of_any_tool_is_hidden() {
    let inputs = [
        json!({"file_path": "/p/.env", "content": "A=1\nDB_PASSWORD=@\nB=2\n"}),
        json!({"file_path": "/p/x.yml", "content": "env:\n  - name: DB_PASSWORD\n    value: @\n"}),
        json!({"file_path": "/p/x.json", "content": "{\"name\": \"API_TOKEN\", \"value\": \"@\"}"}),
        json!({"file_path": "/p/x.json", "content": "{\"auths\": {\"r.io\": {\"auth\": \"@==\"}}}"}),
        json!({"file_path": "/p/x.py", "content": "client = Client(api_key=\"@\")"}),
        json!({"file_path": "/p/x.ts", "content": "const token: string = '@';"}),
        json!({"file_path": "/p/x.go", "content": "apiKey := \"@\""}),
        json!({"file_path": "/p/x.rb", "content": "config = { password: '@', :secret => '@' }"}),
        json!({"file_path": "/p/x.xml", "content": "<server><password>@</password></server>"}),
        json!({"file_path": "/p/x.properties", "content": "spring.datasource.password=@"}),
        json!({"file_path": "/p/x.toml", "content": "[registry]\ntoken = \"@\""}),
        json!({"file_path": "/p/.npmrc", "content": "//registry.npmjs.org/:_authToken=@\n_auth=@"}),
        json!({"file_path": "/p/.netrc", "content": "machine x login y password @"}),
        json!({"file_path": "/p/a.sql", "content": "ALTER ROLE x WITH PASSWORD '@';"}),
        json!({"file_path": "/p/a.sh", "content": "#!/bin/sh\nmysql -p@ db\nsshpass -p @ ssh h\n"}),
        json!({"file_path": "/p/a", "old_string": "password = \"old\"", "new_string": "password = \"@\""}),
        json!({"edits": [{"old_string": "x", "new_string": "TOKEN=@"}]}),
        json!({"url": "https://u:@@h/x", "prompt": "read it"}),
        json!({"url": "https://h/x?api_key=@&y=1", "prompt": "read it"}),
        json!({"url": "https://hooks.slack.com/services/T0ABC/B0ABC/@"}),
        json!({"query": "what does password=@ mean"}),
        json!({"token": "@"}),
        json!({"headers": {"Authorization": "Bearer @"}}),
        json!({"headers": [{"name": "Authorization", "value": "@"}]}),
        json!({"env": {"API_TOKEN": "@"}}),
        json!({"env": [{"name": "API_TOKEN", "value": "@"}]}),
        json!({"args": ["--password", "@"]}),
        json!({"args": ["mysql", "-p@", "db"]}),
        json!({"connection": "postgres://u:@@h/x"}),
        json!({"body": "{\"password\":\"@\"}"}),
        json!({"body": "{\"inner\":\"{\\\"password\\\":\\\"@\\\"}\"}"}),
        json!({"password": "@", "note": "the password is @"}),
        json!({"prompt": "log in with password: @ and go on"}),
    ];
    let mut failures = Vec::new();
    for input in &inputs {
        let text = input
            .to_string()
            .replace("@@h", "\u{1}")
            .replace('@', SECRET)
            .replace('\u{1}', &format!("{SECRET}@h"));
        let input: Value = serde_json::from_str(&text).unwrap();
        let mut record = record(0, "x", Verdict::Ask);
        record.input = Some(input);
        let payload = record.payload(&redactor(), &AuditFilter::default());
        if payload.to_string().contains(SECRET) {
            failures.push(payload["input"].to_string());
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_is_secret_in_one_part_is_hidden_in_all() {
    let mut record = record(0, "TOKEN='Zq7Xw9Kp3Lm5' ; echo $TOKEN", Verdict::Deny);
    let line = |text: &str| {
        ActionLine::of(&Action::direct(ActionKind::ExecuteShell, Resource::Text(text.to_owned())))
    };
    record.actions = vec![line("echo Zq7Xw9Kp3Lm5"), line("cat /p/aZq7Xw9Kp3Lm5b")];
    record.note = Some("saw Zq7Xw9Kp3Lm5 there".to_owned());
    let payload = record.payload(&redactor(), &AuditFilter::default());
    assert!(!payload.to_string().contains("Zq7Xw9Kp3Lm5"), "{payload}");
    assert!(payload["actions"][0]["resource"].as_str().unwrap().starts_with("echo [redacted:"));
}

/// A reason may quote the command or the file that a rule is about.
#[test]
fn a_secret_is_in_no_reason_either() {
    for row in HIDDEN.iter().filter(|row| !row.contains("@@")) {
        let command = row.replace('@', SECRET);
        let mut record = record(0, &command, Verdict::Allow);
        let mut other = decision(Verdict::Deny);
        other.reason = format!("`{command}` is not for agents");
        let mut kept = RecordedDecision::of(&other, "0.1.0");
        kept.would = Some(Would::from(&other));
        record.decision = Some(kept);
        let payload = record.payload(&redactor(), &AuditFilter::default());
        assert!(payload["would_reason"].as_str().unwrap().contains("[redacted:"), "{row}: {payload}");
        assert!(!payload.to_string().contains(SECRET), "{row}: {payload}");
    }
}

#[test]
fn a_password_that_is_a_word_does_not_black_out_others() {
    let mut record = record(0, "deploy --password production --env staging", Verdict::Allow);
    record.note =
        Some("deploys to production-eu from /srv/production/app for the productions team".to_owned());
    let payload = record.payload(&redactor(), &AuditFilter::default());
    assert!(!payload["input"]["command"].as_str().unwrap().contains("production"), "{payload}");
    assert_eq!(payload["note"], "deploys to production-eu from /srv/production/app for the productions team");
}
