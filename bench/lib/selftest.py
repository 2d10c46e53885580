"""Tests of what is computed, not measured: bench/run --self-test."""
import unittest

import engine
import figures
import graph as graphs


def component(name, ms, *needs, level=0):
    return graphs.Component(name, level, needs, ms)


class Graph(unittest.TestCase):
    def test_bound_is_the_longer_of_path_and_work(self):
        chain = [component("a", 2000), component("b", 3000, "a"), component("c", 1000)]
        self.assertEqual(graphs.critical_path(chain), 5)
        self.assertEqual(graphs.bound(chain, 1), 6)
        self.assertEqual(graphs.bound(chain, 4), 5)

    def test_longest_way_starts_first(self):
        # Short ones first would take 5 s: a long chain begins with a short step.
        graph = [component("short", 1000), component("other", 1000), component("head", 1000), component("tail", 3000, "head")]
        self.assertEqual(graphs.best_schedule(graph, 1), 6)
        self.assertEqual(graphs.best_schedule(graph, 2), 4)

    def test_levels_wait_for_each_other(self):
        graph = [component("a", 1000), component("slow", 4000), component("b", 3000, "a", level=1)]
        self.assertEqual(graphs.best_schedule(graph, 2), 4)
        self.assertEqual(graphs.level_schedule(graph, 2), 7)

    def test_generated_graph(self):
        graph = graphs.make_graph(30_000)
        self.assertEqual(graph, graphs.make_graph(30_000))
        self.assertEqual([sum(c.level == level for c in graph) for level in range(4)], list(graphs.LEVELS))
        self.assertAlmostEqual(graphs.work(graph), 30, delta=0.1)
        earlier = set()
        for c in graph:
            self.assertLessEqual(set(c.needs), earlier)
            self.assertEqual(bool(c.needs), c.level > 0)
            earlier.add(c.name)

    def test_generated_graph_is_a_usual_one(self):
        graph = graphs.make_graph(30_000)
        for at_a_time, barriers in ((2, 1.12), (4, 1.45), (8, 1.43)):
            bound = graphs.bound(graph, at_a_time)
            self.assertLess(graphs.best_schedule(graph, at_a_time) / bound, 1.01)
            self.assertAlmostEqual(graphs.level_schedule(graph, at_a_time) / bound, barriers, delta=0.01)


class Sheet(unittest.TestCase):
    def test_over_and_ok(self):
        sheet = figures.Sheet()
        sheet.line("at the target", 1.05, 1.05, "x")
        sheet.line("without a target", 99, None, "s")
        self.assertFalse(sheet.failed)
        sheet.line("above it", 1.06, 1.05, "x")
        self.assertTrue(sheet.failed)

    def test_table(self):
        sheet = figures.Sheet()
        sheet.row("a | b", 0.0123, 4.5, ratio="1/366")
        self.assertIn("| a \\| b | 12 ms | 4.50 s |  |  | 1/366 |", sheet.markdown())

    def test_most_at_once(self):
        calls = [("a", 0, 10, 0), ("b", 5, 15, 0), ("c", 10, 20, 0)]
        self.assertEqual(engine.most_at_once(calls), 2)


if __name__ == "__main__":
    unittest.main()
