"""Teacher-forced log-probs as transformers computes them: float32 as the truth, bfloat16 as the yardstick."""

import torch
import transformers

transformers.utils.logging.disable_progress_bar()

CHUNK = 512  # tokens a forward pass; the scores of a chunk against 32,768 positions fit into memory


class Model:
    """A checkpoint in one precision. float32: eager attention, no TF32; bfloat16: as users run it."""

    def __init__(self, directory, dtype, device):
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
        attention = "eager" if dtype == torch.float32 else "sdpa"
        self.device = device
        self.model = transformers.AutoModelForCausalLM.from_pretrained(
            directory, dtype=dtype, attn_implementation=attention).to(device).eval()

    @torch.no_grad()
    def log_probs(self, ids, positions):
        """(len(positions), vocabulary), float32: the distributions after ids[p]. `positions` ascend."""
        cache = transformers.DynamicCache(config=self.model.config)
        rows = []
        wanted = torch.tensor(positions)
        for begin in range(0, len(ids), CHUNK):
            chunk = torch.tensor([ids[begin:begin + CHUNK]], device=self.device)
            hidden = self.model.model(input_ids=chunk, past_key_values=cache, use_cache=True).last_hidden_state[0]
            inside = wanted[(wanted >= begin) & (wanted < begin + CHUNK)] - begin
            if len(inside) > 0:
                logits = self.model.lm_head(hidden[inside.to(self.device)])
                rows.append(torch.log_softmax(logits.float(), -1))
        return torch.cat(rows)
