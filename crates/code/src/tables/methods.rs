//! Methods that make data of data, or change nothing but the data they are called on.

pub(crate) const PYTHON: &str = "\
    capitalize casefold center count encode decode endswith expandtabs find format format_map index isalnum isalpha isascii \
    isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans \
    partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip \
    swapcase title translate upper zfill hex fromhex \
    append extend insert remove pop clear copy sort reverse \
    get keys values items update setdefault popitem fromkeys \
    add discard union intersection difference symmetric_difference issubset issuperset isdisjoint intersection_update \
    difference_update symmetric_difference_update appendleft popleft extendleft rotate most_common elements subtract total \
    as_integer_ratio is_integer bit_length conjugate to_bytes from_bytes real imag \
    group groups groupdict start end span expand match search findall finditer fullmatch sub subn pattern \
    isoformat strftime strptime date time timestamp timetuple weekday isoweekday isocalendar now utcnow today fromtimestamp \
    utcfromtimestamp fromisoformat combine astimezone total_seconds days seconds toordinal utcoffset tzname \
    hexdigest digest quantize normalize to_integral_value sqrt \
    writerow writerows writeheader \
    add_argument parse_args parse_known_args add_subparsers add_parser set_defaults add_mutually_exclusive_group \
    add_argument_group print_help error print_usage format_help exit \
    getvalue read readline readlines write writelines seek tell close flush \
    substitute safe_substitute pprint pformat \
    getroot findtext iter itertext iterfind getchildren toprettyxml getElementsByTagName getAttribute toxml \
    ratio get_matching_blocks get_opcodes quick_ratio compare make_file \
    info warning debug critical exception setLevel addHandler setFormatter \
    limit_denominator numerator denominator compress decompress pack unpack \
    supernet subnets hosts with_traceback add_note as_completed result done cancel shutdown submit add_done_callback \
    seed randint random choice shuffle sample uniform mro monthdayscalendar formatmonth is_dir is_file inode \
    getnames static_order prepare get_ready is_active dst utctimetuple version metadata load dump loads dumps \
    __init__ __str__ __repr__ __len__ __enter__ __exit__ __iter__ __next__ __getitem__ __contains__";

pub(crate) const JAVASCRIPT: &str = "\
    at charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf localeCompare match matchAll normalize padEnd \
    padStart repeat replace replaceAll search slice split startsWith substring substr toLowerCase toUpperCase toString trim \
    trimEnd trimStart valueOf toLocaleString \
    push pop shift unshift splice reverse sort toSorted toReversed join fill find findIndex findLast findLastIndex flat flatMap \
    forEach map filter reduce reduceRight some every keys values entries copyWithin with \
    get set has delete clear add size \
    toFixed toPrecision toExponential toISOString toJSON getTime getFullYear getMonth getDate getDay getHours getMinutes \
    getSeconds getMilliseconds getTimezoneOffset setFullYear setMonth setDate setHours setMinutes setSeconds toDateString \
    toLocaleDateString toLocaleTimeString toUTCString getUTCFullYear getUTCMonth getUTCDate setUTCHours \
    test exec hasOwnProperty isPrototypeOf then catch finally \
    update digest final setEncoding resume pause pipe on once end write close json text arrayBuffer blob \
    readUInt8 readInt32LE readUInt32LE readUInt16BE readUInt32BE writeUInt32LE subarray equals compare \
    append getAll searchParams href isDirectory isFile isSymbolicLink question prompt rl return next \
    description unref ref abort localeCompare format formatToParts resolvedOptions select encode decode \
    isFinite isInteger deref union intersection difference isSubsetOf getReader read cancel releaseLock emit removeListener off \
    setTimeout destroy";
