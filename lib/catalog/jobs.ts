/**
 * The background jobs: what the console calls them, what each is for, and how often it runs. The
 * gateway has a function for each; a run's result is told in words in the table `jobs`.
 */
export const JOBS = {
  partitions: {
    label: "Partitions",
    about: "Makes the tables of the coming days before their first rows arrive.",
    everyMs: 3_600_000,
  },
  retention: {
    label: "Retention",
    about: "Removes logs and stored content that are older than the settings allow.",
    everyMs: 3_600_000,
  },
  reservations: {
    label: "Reservations",
    about: "Settles amounts that were held back for requests nobody ended.",
    everyMs: 30_000,
  },
  budget_check: {
    label: "Budget check",
    about:
      "Compares what budgets have counted with the log, and lowers what they counted too much.",
    everyMs: 60_000,
  },
  expired_access: {
    label: "Expired access",
    about: "Removes sessions, invitations, reset links and failed sign-ins that are over.",
    everyMs: 3_600_000,
  },
  circuit_events: {
    label: "Circuit history",
    about: "Removes changes of circuits that are older than three months.",
    everyMs: 86_400_000,
  },
  cache_entries: {
    label: "Cache entries",
    about: "Strikes stored answers off the list whose time is over.",
    everyMs: 300_000,
  },
} as const satisfies Record<string, JobRow>;

interface JobRow {
  label: string;
  about: string;
  everyMs: number;
}

export type JobName = keyof typeof JOBS;

/** Every job's name, in the order of the table. */
export const JOB_NAMES = Object.keys(JOBS) as [JobName, ...JobName[]];

/** Whether a name is one of a job; the table `jobs` may hold those of another version. */
export function isJobName(name: string): name is JobName {
  return Object.hasOwn(JOBS, name);
}
