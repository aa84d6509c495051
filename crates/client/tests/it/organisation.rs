//! What becomes of bundles, right ones and wrong ones.

use std::path::Path;

use placet_bundle::{Bundle, BundledAgent, BundledMode, BundledPolicy, Issue, SigningKey};
use placet_client::organisation::{Enrolment, EnrolmentFiles, OrganisationTerms, accept};
use placet_client::{Locations, Mode, load};
use placet_model::{AgentIdentity, Decision, DenialKind, Enforcement, Verdict};

const NOW: i64 = 1_800_000_000_000;
const DAY: i64 = 86_400_000;

const DENIES: &str = "name: ours\nversion: '1'\ndefaultEffect: none\nrules:\n  - {name: no-push, effect: deny, actions: ['execute:shell'], conditions: {resource: {startsWith: 'git push'}}}\n";

struct World {
    root: tempfile::TempDir,
    key: SigningKey,
}

impl World {
    /// Enrolled, with a bundle of version 5.
    fn new() -> Self {
        let world = Self { root: tempfile::tempdir().unwrap(), key: SigningKey::new(&[7; 32]) };
        let mut enrolment =
            Enrolment::new("http://127.0.0.1:1".to_owned(), false, &world.key.public(), "s".to_owned(), NOW);
        enrolment.agent = "agt_1".to_owned();
        enrolment.organisation = "org_1".to_owned();
        enrolment.accepted = Issue { version: 5, issued_ms: NOW };
        let first = world.key.seal(&world.bundle(5, DENIES)).unwrap();
        world.files().establish(&enrolment, &[(EnrolmentFiles::BUNDLE, &first)]).unwrap();
        world
    }

    fn locations(&self) -> Locations {
        let root = self.root.path();
        Locations { config: root.join("config"), machine: root.join("machine"), home: Some(root.into()) }
    }

    fn files(&self) -> EnrolmentFiles {
        std::fs::create_dir_all(self.root.path().join("config")).unwrap();
        EnrolmentFiles::of(&self.locations())
    }

    fn bundle(&self, version: i64, yaml: &str) -> Bundle {
        Bundle {
            agent: BundledAgent {
                id: "agt_1".to_owned(),
                name: "builder".to_owned(),
                tags: vec!["ci".to_owned()],
                tier: "basic".to_owned(),
            },
            expires_ms: NOW + 7 * DAY,
            gateway: self.key.public().fingerprint(),
            issued_ms: NOW,
            mode: BundledMode::Enforce,
            organisation: "org_1".to_owned(),
            policies: vec![BundledPolicy { name: "ours".to_owned(), version: 1, yaml: yaml.to_owned() }],
            version,
        }
    }

    fn terms(&self) -> Result<OrganisationTerms, String> {
        let loaded = load(&self.locations(), Path::new("/nowhere")).map_err(|error| error.to_string())?;
        Ok(loaded.settings.organisation.unwrap())
    }
}

/// Each wrong bundle is refused, told why, and leaves everything as it was.
#[test]
fn wrong_bundles_are_refused_and_the_last_good_one_stays() {
    let world = World::new();
    let sealed = |bundle: &Bundle| world.key.seal(bundle).unwrap();
    let good = world.bundle(6, DENIES);
    let other = SigningKey::new(&[8; 32]);
    let mut changed = sealed(&good);
    let at = changed.len() - 40;
    changed[at] ^= 1;
    let whole = sealed(&good);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("an older version", sealed(&world.bundle(4, DENIES)), "version 4, and version 5 was accepted"),
        (
            "an earlier copy",
            sealed(&Bundle { issued_ms: NOW - 1, ..world.bundle(5, DENIES) }),
            "an earlier copy of version 5",
        ),
        (
            "another key",
            other.seal(&Bundle { gateway: other.public().fingerprint(), ..good.clone() }).unwrap(),
            "not signed by the key",
        ),
        ("a changed byte", changed, "not signed by the key"),
        ("cut off", whole[..whole.len() - 1].to_vec(), "cut off"),
        ("cut off early", whole[..30].to_vec(), "cut off"),
        ("nothing", Vec::new(), "cut off"),
        ("a page", b"<!doctype html>".to_vec(), "no bundle"),
        (
            "another agent's",
            sealed(&Bundle {
                agent: BundledAgent { id: "agt_2".to_owned(), ..good.agent.clone() },
                ..good.clone()
            }),
            "another agent",
        ),
        (
            "another organisation's",
            sealed(&Bundle { organisation: "org_2".to_owned(), ..good.clone() }),
            "another agent",
        ),
        ("expired", sealed(&Bundle { expires_ms: NOW, ..good.clone() }), "time is over"),
        (
            "a bad policy",
            sealed(&world.bundle(6, "name: ours\nrules: [{effect: dent}]\n")),
            "policy `ours`, line",
        ),
        ("no YAML", sealed(&world.bundle(6, "{{{")), "policy `ours`"),
    ];
    let before = std::fs::read(world.files().bundle()).unwrap();
    let enrolment = std::fs::read(world.files().enrolment()).unwrap();
    for (name, bytes, why) in cases {
        let said = accept(&world.locations(), &bytes, NOW).unwrap_err().to_string();
        assert!(said.contains(why), "{name}: {said}");
        assert_eq!(std::fs::read(world.files().bundle()).unwrap(), before, "{name}");
        assert_eq!(std::fs::read(world.files().enrolment()).unwrap(), enrolment, "{name}");
        assert_eq!(world.terms().unwrap().version, 5, "{name}");
    }
    let accepted = accept(&world.locations(), &whole, NOW).unwrap();
    assert!(accepted.changed);
    assert_eq!(world.terms().unwrap().version, 6);
    assert!(!accept(&world.locations(), &whole, NOW).unwrap().changed, "the same once more does no harm");
}

/// Whatever happens to the files, nothing is decided without the organisation.
#[test]
fn a_bundle_that_is_not_as_it_was_accepted_stops_everything() {
    let world = World::new();
    assert_eq!(world.terms().unwrap().policies, ["ours"]);
    let file = world.files().bundle();
    let whole = std::fs::read(&file).unwrap();
    let mut changed = whole.clone();
    let at = changed.len() - 40;
    changed[at] ^= 1;
    let older = world.key.seal(&world.bundle(4, "name: ours\n")).unwrap();
    for (name, bytes, why) in [
        ("changed", Some(changed.as_slice()), "not signed by the key"),
        ("cut off", Some(&whole[..whole.len() / 2]), "cut off"),
        ("empty", Some(b"".as_slice()), "cut off"),
        ("an older one", Some(older.as_slice()), "version 5 was accepted before"),
        ("gone", None, "not there"),
    ] {
        match bytes {
            Some(bytes) => std::fs::write(&file, bytes).unwrap(),
            None => std::fs::remove_file(&file).unwrap(),
        }
        let said = world.terms().unwrap_err();
        assert!(said.contains(why) && said.contains("placet sync --once"), "{name}: {said}");
    }
    std::fs::write(&file, &whole).unwrap();
    assert_eq!(world.terms().unwrap().version, 5);
    std::fs::write(world.files().enrolment(), "{}").unwrap();
    assert!(world.terms().is_err(), "an enrolment that cannot be read");
}

#[test]
fn what_an_organisation_enforces_is_not_lifted_here() {
    let world = World::new();
    let config = world.locations().config;
    std::fs::write(config.join("placet.yaml"), "mode: audit\nenvironment: {may_loosen: [PLACET_MODE]}\n")
        .unwrap();
    let audit = |name: &str| (name == "PLACET_MODE").then(|| "audit".to_owned());
    let settings = load(&world.locations(), Path::new("/nowhere")).unwrap().settings;
    assert_eq!(settings.effective_mode(&audit), Mode::Enforce);
    let identity = settings.identity();
    assert_eq!(identity.name, "claude-code");
    let registered = AgentIdentity {
        name: "builder".to_owned(),
        tags: vec!["ci".to_owned()],
        tier: "basic".to_owned(),
        ..AgentIdentity::default()
    };
    assert_eq!(identity.registered, Some(Box::new(registered)));
    let audited = world.key.seal(&Bundle { mode: BundledMode::Audit, ..world.bundle(6, DENIES) }).unwrap();
    accept(&world.locations(), &audited, NOW).unwrap();
    let settings = load(&world.locations(), Path::new("/nowhere")).unwrap().settings;
    assert_eq!(settings.effective_mode(&audit), Mode::Audit, "an organisation that only looks on");
}

#[test]
fn past_its_time_a_bundle_asks() {
    let world = World::new();
    let terms = world.terms().unwrap();
    let decision = |verdict| Decision {
        verdict,
        enforcement: Enforcement::Enforce,
        rule: None,
        action: None,
        reason: "as it was".to_owned(),
        denial: None,
        interrupt: false,
        fix: None,
        rewrite: None,
    };
    for (verdict, late, want) in [
        (Verdict::Allow, false, Verdict::Allow),
        (Verdict::Allow, true, Verdict::Ask),
        (Verdict::Abstain, true, Verdict::Ask),
        (Verdict::Ask, true, Verdict::Ask),
        (Verdict::Deny, true, Verdict::Deny),
    ] {
        let mut weighed = decision(verdict);
        terms.weigh(&mut weighed, if late { NOW + 7 * DAY } else { NOW + 7 * DAY - 1 });
        assert_eq!(weighed.verdict, want, "{verdict:?} {late}");
        let asked = want == Verdict::Ask && verdict != Verdict::Ask;
        assert_eq!(weighed.denial == Some(DenialKind::NeedsPerson), asked, "{verdict:?} {late}");
    }
}
