//! Modules that those of the tables load in their turn.

/// By their first names: what is loaded when everything in the tables is, and what some of it loads only once it is
/// used. Those that are built in cannot be replaced by a file and are left out.
const LOADED: &str = "\
    OpenSSL _bisect _blake2 _bz2 _collections_abc _compression _csv _ctypes _datetime _decimal \
    _elementtree _frozen_importlib _frozen_importlib_external _hashlib _heapq _json _lzma _opcode \
    _pickle _posixsubprocess _pydecimal _queue _random _scproxy _sha512 _socket _sqlite3 _ssl _strptime \
    _struct _typing _uuid _weakrefset _yaml _zoneinfo abc anyio argparse array ast asyncio base64 \
    binascii bisect brotli bz2 calendar certifi cgi chardet charset_normalizer click codecs collections \
    concurrent configparser contextlib copy copyreg cryptography csv dataclasses datetime decimal \
    difflib dis email encodings enum fcntl fnmatch fractions functools genericpath getpass gettext glob \
    grp gzip h11 hashlib heapq hmac html http httpcore httpx idna importlib inspect io ipaddress keyword \
    linecache locale logging lzma math mimetypes netrc ntpath nturl2path numbers opcode operator \
    optparse os packaging pathlib platform plistlib posixpath pprint pwd pyexpat pygments queue quopri \
    random re reprlib requests rich secrets select selectors shutil signal simplejson sniffio socket \
    socks sqlite3 ssl stat statistics string stringprep struct subprocess tarfile tempfile textwrap \
    threading token tokenize toml tomli tomllib traceback types typing unicodedata unittest urllib \
    urllib3 uuid warnings weakref xml yaml zipfile zipimport zlib zoneinfo";

/// Whether a file of that name beside a program may be run because a module of the tables is loaded.
pub(crate) fn is_loaded(name: &str) -> bool {
    LOADED.split_ascii_whitespace().any(|loaded| loaded == name)
}
