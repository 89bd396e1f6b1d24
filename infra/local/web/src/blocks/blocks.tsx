/** The blocks of a message, modal or App Home: what is read, and between it what can be used. */
import type { ReactNode } from "react";
import { type Block, type Element, isInteractive } from "../values";
import { InputBlock } from "./input-block";
import { ReadBlocks } from "./slack-message";
import { Usable } from "./usable";
import { type Use, UseProvider } from "./use";

export function Blocks({ blocks, use }: { blocks: readonly Block[]; use: Use }) {
  return (
    <UseProvider value={use}>
      <div className="blocks">{runs(blocks).map(([key, run]) => drawn(key, run))}</div>
    </UseProvider>
  );
}

/** Neighbouring blocks that are only read go to the library together. */
function runs(blocks: readonly Block[]): [string, Block[]][] {
  const found: [string, Block[]][] = [];
  for (const block of blocks) {
    const last = found.at(-1)?.[1];
    if (last && isRead(block) && isRead(last[0])) {
      last.push(block);
    } else {
      found.push([block.block_id, [block]]);
    }
  }
  return found;
}

const isRead = (block: Block | undefined): boolean =>
  block !== undefined &&
  block.type !== "actions" &&
  block.type !== "input" &&
  !isInteractive(block.accessory);

function drawn(key: string, run: Block[]): ReactNode {
  const [block] = run;
  if (block === undefined || isRead(block)) {
    return <ReadBlocks key={key} blocks={run} />;
  }
  if (block.type === "input") {
    return <InputBlock key={key} block={block} />;
  }
  if (block.type === "actions") {
    return <Actions key={key} elements={block.elements ?? []} />;
  }
  const { accessory, ...section } = block;
  return (
    <div key={key} className="with-accessory">
      <ReadBlocks blocks={[section as Block]} />
      {accessory && <Usable element={accessory} />}
    </div>
  );
}

function Actions({ elements }: { elements: readonly Element[] }) {
  return (
    <div className="actions">
      {elements.map((element) => (
        <Usable key={`${element.action_id}/${element.value ?? ""}`} element={element} />
      ))}
    </div>
  );
}
