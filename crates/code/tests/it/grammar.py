# Says of every text of a folder, one line each, whether this Python reads it, and the value of the one literal in
# a text `open(LITERAL)`.
import ast, os, sys, warnings

warnings.simplefilter("ignore")


def shown(value):
    if isinstance(value, bytes):
        value = "".join(map(chr, value))
    return value.encode("utf-8", "backslashreplace").hex()


def value_of(node):
    """Of literals without names in them; None for all else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, (str, bytes)) else None
    if isinstance(node, ast.JoinedStr) and all(
        isinstance(inner, (ast.Constant, ast.JoinedStr, ast.FormattedValue))
        for inner in ast.walk(node)
        if isinstance(inner, ast.expr)
    ):
        try:
            return eval(compile(ast.Expression(ast.fix_missing_locations(node)), "<literal>", "eval"), {})
        except ValueError:
            return None
    return None


folder = sys.argv[1]
print("%d.%d" % sys.version_info[:2])
for name in sorted(os.listdir(folder)):
    with open(os.path.join(folder, name), "rb") as file:
        source = file.read()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        print("no")
        continue
    value = None
    if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr) and isinstance(tree.body[0].value, ast.Call):
        call = tree.body[0].value
        if isinstance(call.func, ast.Name) and call.func.id == "open" and len(call.args) == 1:
            value = value_of(call.args[0])
    print("yes" if value is None else "yes " + shown(value))
