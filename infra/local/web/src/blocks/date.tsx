/** A date in a message, which goes on as the world's time does. */
import { useEffect, useState } from "react";
import { slackDate } from "../slack-date";
import { useHere } from "../workspace";

export function SlackDate({ at, format, fallback }: { at: number; format: string; fallback: string }) {
  const { worldNow } = useHere();
  const [, tick] = useState(0);
  const isRelative = format.includes("{ago}");
  useEffect(() => {
    if (isRelative) {
      const ticking = setInterval(() => tick((number) => number + 1), 1000);
      return () => clearInterval(ticking);
    }
  }, [isRelative]);
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={fallback}>
      {slackDate(format, at, worldNow())}
    </time>
  );
}
