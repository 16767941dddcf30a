#include "film/engine/train_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace film::engine {

void ScheduleSettings::describe(Fields& f) {
  f.add("peak", peak, "highest learning rate").range(0, 10);
  f.add("warmup_steps", warmup_steps, "linear warm-up").range(0, 1e9).in("steps");
  f.add("warmup_fraction", warmup_fraction, "warm-up as a fraction of the stage, when warmup_steps is 0")
      .range(0, 1);
  f.add("decay", decay, "shape after the warm-up");
  f.add("final_fraction", final_fraction, "learning rate at the end of a cosine, as a fraction of the peak")
      .range(0, 1);
}

double ScheduleSettings::at(std::int64_t step, std::int64_t steps) const {
  const double warmup = warmup_steps > 0 ? static_cast<double>(warmup_steps)
                                         : std::floor(warmup_fraction * static_cast<double>(steps));
  const auto now = static_cast<double>(step);
  if (now < warmup) return peak * (now + 1) / warmup;
  if (decay == Decay::constant) return peak;
  const double done = (now - warmup) / std::max(1.0, static_cast<double>(steps) - warmup);
  const double cosine = 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, done)));
  return peak * (final_fraction + (1 - final_fraction) * cosine);
}

void StageSettings::describe(Fields& f) {
  f.add("name", name, "shown in logs and plots");
  f.add("data", data, "DATA folders that film synth and film qa wrote").path();
  f.add("fraction", fraction, "fraction of the examples that is used, the same ones for the same seed")
      .range(0, 1);
  f.add("context", context, "what an example's context is: whole, or its evidence segments alone");
  f.add("batch", batch, "examples a step").range(1, 1e6);
  f.add("epochs", epochs, "passes over the data, when steps is 0").range(0, 1e6);
  f.add("steps", steps, "steps of the stage; 0 = as many as epochs needs").range(0, 1e9);
  f.add("stop_accuracy", stop_accuracy, "end the stage when training accuracy passes this; 0 = never")
      .range(0, 1);
  f.group("schedule", schedule);
}

void ParameterGroup::describe(Fields& f) {
  f.add("match", match, "part of a parameter's name, or its kind: embedding, norm, linear, head");
  f.add("learning_rate_scale", learning_rate_scale, "times the schedule's learning rate").range(0, 1e3);
  f.add("weight_decay", weight_decay, "decoupled weight decay of the group").range(0, 10);
}

void OptimizerSettings::describe(Fields& f) {
  f.add("beta1", beta1, "AdamW: decay of the first moment").range(0, 1);
  f.add("beta2", beta2, "AdamW: decay of the second moment").range(0, 1);
  f.add("epsilon", epsilon, "AdamW: added to the root of the second moment").range(0, 1);
  f.add("weight_decay", weight_decay, "AdamW: decoupled weight decay").range(0, 10);
  f.add("clip", clip, "largest norm of the gradient; 0 = no clipping").range(0, 1e9);
  f.list("groups", groups, "parameters that differ; the last that matches counts");
}

void ModelChanges::describe(Fields& f) {
  f.add("rope_theta", rope_theta, "base of the rotary position embedding; 0 = as the folder says")
      .range(0, 1e12);
  f.add("sliding_window", sliding_window, "keys a token sees; 0 = all, -1 = as the folder says")
      .range(-1, 1e9)
      .in("tokens");
  f.add("max_position_embeddings", max_position_embeddings, "longest sequence; 0 = as the folder says")
      .range(0, 1e9)
      .in("tokens");
}

void ModelChanges::apply(ModelConfig& config) const {
  if (max_position_embeddings > 0) config.max_position_embeddings = max_position_embeddings;
  if (rope_theta > 0) config.rope_theta = rope_theta;
  if (sliding_window >= 0) config.sliding_window = sliding_window;
}

void TrainSettings::describe(Fields& f) {
  f.add("model_folder", model_folder, "Hugging Face folder to start from; empty = a new model of \"model\"")
      .path();
  f.group("changes", changes);
  f.group("model", model);
  f.group("init", init);
  f.add("precision", precision, "of weights and activations; bfloat16 keeps exact fp32 masters");
  f.add("device", device, "where to compute; auto: on a GPU where one can be used");
  f.add("tokenizer", tokenizer, "SentencePiece .model file").runtime().path();
  f.add("prompt", prompt, "prompt template");
  f.list("stages", stages, "what is trained on, in order");
  f.group("optimizer", optimizer);
  f.add("loss_weighting", loss_weighting, "mean over samples of each one's mean, or over all answer tokens");
  f.add("share_context", share_context, "read a context once for all its questions");
  f.add("pack_tokens", pack_tokens, "rows of one forward and backward pass").range(16, 1e9).in("tokens");
  f.add("pad_lengths", pad_lengths,
        "pad sequences to a few dozen lengths; auto: where a GPU's attention is faster so")
      .runtime();
  f.add("attention", attention, "on a GPU: the fastest attention for each length, or FlashAttention for all")
      .runtime();
  f.add("deterministic", deterministic,
        "on a GPU: repeat bit for bit, without cuDNN's attention; a CPU always does")
      .runtime();
  f.group("memory", memory);
  f.add("max_tokens", max_tokens, "longer examples are counted, named and left out")
      .range(16, 1e9)
      .in("tokens");
  f.add("accuracy_smoothing", accuracy_smoothing, "of the moving average of training accuracy").range(0, 1);
  f.add("max_bad_steps", max_bad_steps, "steps with NaN in a row before giving up").range(1, 1e6).runtime();
  f.add("seed", seed, "of initialisation and data order");
  f.add("threads", threads, "CPU threads; 0 = all cores").range(0, 1024).runtime();
  f.add("save_every", save_every, "steps between checkpoints").range(1, 1e9).runtime();
  f.add("keep_checkpoints", keep_checkpoints, "newest checkpoints that are kept").range(1, 1e6).runtime();
  f.add("save_type", save_type, "type of the weights on disk");
  f.add("save_state", save_state, "save the optimizer's moments, so that training can be resumed").runtime();
  f.add("shard", shard, "what each of several processes keeps a part of").runtime();
  f.add("shard_group", shard_group,
        "processes that have the parts of one copy of the model with shard=hybrid; 0 = those of a node")
      .range(0, 1 << 20)
      .runtime();
  f.add("sequence_parallel", sequence_parallel,
        "processes that compute each sequence together: it divides the key and value heads")
      .range(1, 1024)
      .runtime();
  f.group("ranks", ranks);
}

void TrainSettings::check(bool with_data) const {
  model.check();
  if (with_data && tokenizer.empty())
    throw config_error("no tokenizer given", "--set tokenizer=PATH of a SentencePiece .model file");
  if (stages.empty()) throw config_error("stages is empty: nothing to train on");
  for (const StageSettings& stage : stages)
    if (with_data && stage.data.empty())
      throw config_error("stage \"" + stage.name + "\" names no data",
                         "set its \"data\" to DATA folders that film synth and film qa wrote");
  if (shard_group > 0 && shard != Shard::hybrid)
    throw config_error(fmt::format("shard_group is {}, but shard is {}", shard_group, name_of(shard)),
                       "groups belong to shard=hybrid: set that, or leave shard_group at 0");
  if (max_tokens > model.max_position_embeddings && model_folder.empty())
    throw config_error("max_tokens is larger than model.max_position_embeddings",
                       "lower max_tokens or raise model.max_position_embeddings");
}

}  // namespace film::engine
