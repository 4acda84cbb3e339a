import type { Registry } from "prom-client";

type Labels = Readonly<Record<string, string | number>>;

/** One line of what Prometheus reads. */
interface Sample {
  metricName?: string;
  labels: Labels;
  value: number;
}

/**
 * Counters and histograms that cost a request a map look-up and an addition. prom-client sorts and
 * joins labels at every call, which with seven figures a request was a tenth of the gateway's time;
 * here that work is done when somebody reads the figures.
 */
export class CounterTally {
  readonly #sums = new Map<string, { labels: Labels; value: number }>();

  constructor(registry: Registry, about: { name: string; help: string }) {
    register(registry, { ...about, type: "counter", values: () => this.#values() });
  }

  /** Adds to the series of `labels`; `key` names that series and has to differ for each. */
  add(key: string, labels: () => Labels, amount = 1): void {
    const known = this.#sums.get(key);
    if (known === undefined) {
      this.#sums.set(key, { labels: labels(), value: amount });
    } else {
      known.value += amount;
    }
  }

  #values(): Sample[] {
    return [...this.#sums.values()].map(({ labels, value }) => ({ labels, value }));
  }
}

interface Distribution {
  labels: Labels;
  /** How many observations fell into each bucket; the last is above all bounds. */
  counts: number[];
  sum: number;
}

export class HistogramTally {
  readonly #name: string;
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, Distribution>();

  constructor(
    registry: Registry,
    about: { name: string; help: string; bounds: readonly number[] },
  ) {
    this.#name = about.name;
    this.#bounds = about.bounds;
    register(registry, { ...about, type: "histogram", values: () => this.#values() });
  }

  observe(key: string, labels: () => Labels, value: number): void {
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { labels: labels(), counts: Array(this.#bounds.length + 1).fill(0), sum: 0 };
      this.#series.set(key, series);
    }
    let at = 0;
    while (value > (this.#bounds[at] ?? Number.POSITIVE_INFINITY)) {
      at += 1;
    }
    series.counts[at] = (series.counts[at] ?? 0) + 1;
    series.sum += value;
  }

  #values(): Sample[] {
    return [...this.#series.values()].flatMap((series) => this.#valuesOf(series));
  }

  /** Prometheus counts cumulatively: a bucket holds all that is at most its bound. */
  #valuesOf({ labels, counts, sum }: Distribution): Sample[] {
    let below = 0;
    const buckets = counts.map((count, at) => {
      below += count;
      const le = this.#bounds[at] ?? "+Inf";
      return { metricName: `${this.#name}_bucket`, labels: { ...labels, le }, value: below };
    });
    return [
      ...buckets,
      { metricName: `${this.#name}_sum`, labels, value: sum },
      { metricName: `${this.#name}_count`, labels, value: below },
    ];
  }
}

interface Source {
  name: string;
  help: string;
  type: "counter" | "histogram";
  values: () => Sample[];
}

function register(registry: Registry, { name, help, type, values }: Source): void {
  const metric = {
    name,
    get: async () => ({ name, help, type, aggregator: "sum", values: values() }),
    reset: () => undefined,
  };
  // The registry asks a metric for its name and its values, and for nothing else of prom-client's.
  registry.registerMetric(metric as unknown as Parameters<Registry["registerMetric"]>[0]);
}
