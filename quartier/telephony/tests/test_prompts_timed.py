"""What the machine waits for the end of is measured before the first call: no first caller is cut off."""

import ast
from pathlib import Path

from quartier import callcore
from quartier.telephony.desk.durations import TIMED_PROMPTS

ROOM = Path(callcore.__file__).parent


class Module:
    """Finds what a function of it may be given as a prompt."""

    def __init__(self, file):
        self.tree = ast.parse(file.read_text())
        self.functions = {each.name: each for each in self.tree.body if isinstance(each, ast.FunctionDef)}
        self.constants = {
            each.targets[0].id: each.value
            for each in self.tree.body
            if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
        }

    def calls_of(self, name):
        """Each call of it, and the function in which it stands."""
        for function in self.functions.values():
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == name:
                    yield function, node

    def strings(self, function, value):
        """All that an expression in this function can be."""
        match value:
            case ast.Constant():
                return {value.value}
            case ast.IfExp():
                return self.strings(function, value.body) | self.strings(function, value.orelse)
            case ast.Name(id=name):
                place = [each.arg for each in function.args.args].index(name)
                found = [self.strings(by, call.args[place]) for by, call in self.calls_of(function.name)]
                assert found, f"no one is calling {function.name}"
                return set().union(*found)
            case ast.Call(func=ast.Name(id=name)):
                inner = self.functions[name]
                returned = [each.value for each in ast.walk(inner) if isinstance(each, ast.Return)]
                return set().union(*(self.strings(inner, each) for each in returned))
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get"), args=[_, otherwise]):
                table = ast.literal_eval(self.constants[name])
                return set(table.values()) | self.strings(function, otherwise)
        raise AssertionError(f"what is asked here? {ast.unparse(value)}")


def asked():
    found = set()
    for file in ROOM.glob("*.py"):
        module = Module(file)
        for function, call in module.calls_of("hearing.ask"):
            found |= module.strings(function, call.args[2])
    return found


def test_whatever_a_key_answers_is_measured_before_the_first_call():
    prompts = asked()
    assert {"welcome", "reading_ask", "masked_menu_coming", "no_such_number_other"} <= prompts
    assert prompts - set(TIMED_PROMPTS) == set()
