/** DRS as its console would show it. */
import { words, worldTime } from "../format";
import type { DrsConsole, Job } from "../protocol";

export function Console({ drs }: { drs: DrsConsole }) {
  return (
    <div className="console">
      <p className="hint">
        Account {drs.account}, {drs.region}
      </p>
      <details open>
        <summary>Jobs ({drs.jobs.length})</summary>
        {drs.jobs.length === 0 && <p className="hint">No job yet.</p>}
        {drs.jobs.map((job) => (
          <JobCard key={job.id} job={job} />
        ))}
      </details>
      <details open={drs.instances.length > 0}>
        <summary>Recovery instances ({drs.instances.length})</summary>
        {drs.instances.length === 0 && <p className="hint">None is running: nothing costs money.</p>}
        <ul>
          {drs.instances.map((instance) => (
            <li key={instance.id}>
              <strong>{instance.name}</strong> <code>{instance.id}</code>
              <span className={`status ${instance.state.toLowerCase()}`}>{words(instance.state)}</span>
              <small>
                {instance.isDrill ? "Drill" : "Recovery"} · since {worldTime(instance.launchedAt)}
              </small>
            </li>
          ))}
        </ul>
      </details>
      <details open={drs.jobs.length === 0}>
        <summary>Source servers ({drs.servers.length})</summary>
        <ul>
          {drs.servers.map((server) => (
            <li key={server.id}>
              <strong>{server.name}</strong> <code>{server.id}</code>
              <span className={`status ${server.replicationState.toLowerCase()}`}>
                {words(server.replicationState)}
              </span>
              <small>
                {server.usedBy.join("; ") || "in no plan"}
                {server.lastLaunch && ` · last launch: ${words(server.lastLaunch.status)}`}
              </small>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

function JobCard({ job }: { job: Job }) {
  const names = new Map(job.servers.map((server) => [server.id, server.name]));
  return (
    <details className="job">
      <summary>
        {words(job.type)} <code>{job.id}</code>{" "}
        <span className={`status ${job.status.toLowerCase()}`}>{words(job.status)}</span>
        <small>
          {worldTime(job.startedAt)}
          {job.endedAt && ` to ${worldTime(job.endedAt)}`} · {words(job.initiatedBy)}
        </small>
      </summary>
      <ul>
        {job.servers.map((server) => (
          <li key={server.id}>
            {server.name}{" "}
            <span className={`status ${server.launchStatus.toLowerCase()}`}>
              {words(server.launchStatus)}
            </span>
          </li>
        ))}
      </ul>
      <table>
        <caption>Job log</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Event</th>
            <th scope="col">Server</th>
          </tr>
        </thead>
        <tbody>
          {job.log.map((item, number) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a log only grows at its end
            <tr key={number}>
              <td>{worldTime(item.at)}</td>
              <td>
                {words(item.event)}
                {item.error && <small>{item.error}</small>}
              </td>
              <td>{item.server ? (names.get(item.server) ?? item.server) : ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
